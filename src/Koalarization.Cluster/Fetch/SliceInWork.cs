using Koalarization.Dataset;

namespace Koalarization.Cluster;

/// <summary>A slice whose links are being worked on. Rows are set by one thread at a time.</summary>
/// <param name="Round">The round.</param>
/// <param name="Slice">The slice's number.</param>
/// <param name="Links">Its links, by name.</param>
/// <param name="Fetched">What an earlier run committed of fetching them, or null.</param>
/// <param name="Fitter">Judges and fits its pictures.</param>
internal sealed record SliceInWork(int Round, int Slice, IReadOnlyList<PlannedLink> Links, IReadOnlyList<LinkRow>? Fetched, IPictureFitter Fitter)
{
    private readonly LinkRow?[] _rows = new LinkRow?[Links.Count];
    private int _left = Links.Count;

    /// <summary>The rows, once all are set.</summary>
    public IReadOnlyList<LinkRow> Rows => [.. _rows.Select(row => row!)];

    /// <summary>Sets a link's row, and says whether it was the last.</summary>
    public bool Set(int place, LinkRow row)
    {
        _rows[place] = row;
        return --_left == 0;
    }
}

/// <summary>One link of a slice.</summary>
internal sealed record LinkInWork(SliceInWork Slice, int Place)
{
    public PlannedLink Link => Slice.Links[Place];
}
