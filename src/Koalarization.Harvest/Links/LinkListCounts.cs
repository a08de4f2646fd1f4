namespace Koalarization.Harvest.Links;

/// <summary>How many lines of each kind a list had, so far. Written by one reader, read by anyone.</summary>
public sealed class LinkListCounts
{
    private readonly long[] _lines = new long[Enum.GetValues<LinkLineKind>().Length];

    /// <summary>The number of lines of a kind; for links also those that were skipped.</summary>
    public long this[LinkLineKind kind] => Interlocked.Read(ref _lines[(int)kind]);

    /// <summary>Lines that a user probably meant as links and that give none.</summary>
    public long Unusable => this[LinkLineKind.NoUrl] + this[LinkLineKind.NotUtf8] + this[LinkLineKind.TooLong];

    internal void Add(LinkLineKind kind) => Interlocked.Increment(ref _lines[(int)kind]);
}
