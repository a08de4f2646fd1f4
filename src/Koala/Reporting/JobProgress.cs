using System.Text.Json.Serialization;
using Koalarization.Cluster.Coordination;
using Koalarization.Dataset.Wording;

namespace Koalarization.Koala.Reporting;

/// <summary>The progress of a job, alone or on a cluster.</summary>
/// <param name="Job">Its id on a cluster.</param>
/// <param name="Phase">What it does, where that is not working.</param>
/// <param name="Links">Links that were fetched.</param>
/// <param name="Resized">Pictures that were decoded and resized; absent when the job ends with fetching.</param>
/// <param name="Pictures">Pictures that are in records, or have their logits for one; absent when the job makes no records.</param>
/// <param name="Records">Records that are written, likewise.</param>
/// <param name="Kept">Links with a picture.</param>
/// <param name="Failed">Links without one.</param>
/// <param name="SecondsLeft">Absent until it is known well.</param>
internal sealed record JobProgress(
    string? Job, string? Phase, PartProgress Links, PartProgress? Resized, PartProgress? Pictures, PartProgress? Records, long Kept, long Failed,
    double? SecondsLeft) : ProgressReport
{
    public override double? SecondsLeft { get; init; } = SecondsLeft;

    /// <summary>What the job is bound by; null: unknown, or not to be shown.</summary>
    public JobsProtocol.JobBound? BoundBy { get; init; }

    /// <summary>Why that, in one sentence.</summary>
    public string? BoundReason { get; init; }

    [JsonIgnore]
    public bool IsFolder { get; init; }

    [JsonIgnore]
    public override string? Title => Job is null ? null : Phase is null ? Job : $"{Job} ({Phase})";

    [JsonIgnore]
    public override IReadOnlyList<ProgressBar> Bars =>
    [
        Links.Bar(IsFolder ? "files" : "links"),
        .. Resized is null ? [] : (ProgressBar[])[Resized.Bar("resized")],
        .. Pictures is null ? [] : (ProgressBar[])[Pictures.Bar("records") with { Items = "pictures" }],
    ];

    [JsonIgnore]
    public override IReadOnlyList<string> Facts =>
    [
        $"kept {Kept:N0}",
        $"{(IsFolder ? "left out" : "dead")} {Failed:N0}",
        .. Records is null ? [] : (string[])[Records.Total is long total ? $"{Records.Done:N0} of {Amount.Of(total, "record")}" : Amount.Of(Records.Done, "record")],
        .. JobBoundText.Of(BoundBy) is string bound ? (string[])[bound] : [],
    ];

    public override ProgressReport WithDone(IReadOnlyList<long> done) => this with
    {
        Links = Links with { Done = done[0] },
        Resized = Resized is null ? null : Resized with { Done = done[1] },
        Pictures = Pictures is null ? null : Pictures with { Done = done[^1] },
        Kept = Resized is null ? Kept : done[1],
    };
}

/// <summary>How far one part of a job is.</summary>
/// <param name="Done">Items that are done.</param>
/// <param name="Total">Items in all, as soon as that is certain.</param>
/// <param name="Expected">Before that an estimate, as soon as there is one.</param>
/// <param name="PerSecond">Over the last minute.</param>
internal sealed record PartProgress(long Done, long? Total, long? Expected, double? PerSecond)
{
    public ProgressBar Bar(string name) =>
        new(name, Done, Total ?? Expected) { IsEstimate = Total is null && Expected is not null, PerSecond = PerSecond };
}
