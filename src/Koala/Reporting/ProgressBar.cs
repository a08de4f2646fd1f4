namespace Koalarization.Koala.Reporting;

/// <summary>One part of work that is in progress.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Done">Items that are done.</param>
/// <param name="Total">Items in all; null: not known.</param>
internal sealed record ProgressBar(string Name, long Done, long? Total)
{
    /// <summary>Whether the total is estimated.</summary>
    public bool IsEstimate { get; init; }

    /// <summary>Items of the last minute, each second; null: none yet.</summary>
    public double? PerSecond { get; init; }

    /// <summary>Whether the items are bytes.</summary>
    public bool IsBytes { get; init; }

    /// <summary>What the items are, where the name does not say it.</summary>
    public string? Items { get; init; }

    /// <summary>How much is done, from 0 to 1; null: not known.</summary>
    public double? Share => Total is long total ? total > 0 ? Math.Clamp((double)Done / total, 0, 1) : 1 : null;

    /// <summary>How much is done, in words: <c>12 of 30</c>.</summary>
    public string Count => Total is long total ? $"{Format(Done)} of {(IsEstimate ? "~" : "")}{Format(total)}" : Format(Done);

    /// <summary>The rate in words, or nothing.</summary>
    public string Rate => PerSecond is not double rate ? "" : IsBytes ? $"{Sizes.Format((long)rate)}/s" : rate < 100 ? $"{rate:N1}/s" : $"{rate:N0}/s";

    public string Sentence => $"{Name} {Count}{(Items is null ? "" : " " + Items)}{(Rate.Length > 0 ? $" ({Rate})" : "")}";

    private string Format(long items) => IsBytes ? Sizes.Format(items) : $"{items:N0}";
}
