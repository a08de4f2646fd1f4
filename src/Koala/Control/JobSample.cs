namespace Koalarization.Koala.Control;

/// <summary>What the newest part of a data set is like: of its last slices and records, so that it is known at once however large the set is.</summary>
/// <param name="Links">Links that were looked at.</param>
/// <param name="Hosts">Their hosts, those with most failures first.</param>
/// <param name="Pictures">The newest pictures.</param>
/// <param name="LongerSides">Originals by the pixels of their longer side.</param>
/// <param name="Chroma">Pictures of records by mean chroma; empty before the first record.</param>
internal sealed record JobSample(
    int Links, IReadOnlyList<SampledHost> Hosts, IReadOnlyList<SampledPicture> Pictures, IReadOnlyList<SampledRange> LongerSides, IReadOnlyList<SampledRange> Chroma)
{
    /// <summary>Nothing was looked at.</summary>
    public static readonly JobSample Empty = new(0, [], [], [], []);
}

/// <summary>What became of a host's links.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Kept">Links with a picture.</param>
/// <param name="Failed">Links without one.</param>
/// <param name="Outcomes">These by outcome.</param>
internal sealed record SampledHost(string Host, long Kept, long Failed, IReadOnlyDictionary<string, long> Outcomes);

/// <summary>A picture of a set.</summary>
/// <param name="Name">The name of its file.</param>
/// <param name="Url">Its link; null: it is of a folder.</param>
/// <param name="Width">The original's width in pixels.</param>
/// <param name="Height">The original's height in pixels.</param>
/// <param name="IsResized">Whether it can be shown.</param>
internal sealed record SampledPicture(string Name, string? Url, int Width, int Height, bool IsResized);

/// <summary>How many have a value of a range.</summary>
/// <param name="Range">The range, for people.</param>
/// <param name="Count">How many.</param>
internal sealed record SampledRange(string Range, long Count);
