using System.Text.Json.Serialization;

namespace Koalarization.Koala.Reporting;

/// <summary>The progress of a step.</summary>
/// <param name="Step">Its name.</param>
/// <param name="Done">Items that are done: pictures, links, or bytes.</param>
/// <param name="Total">Items in all.</param>
/// <param name="PerSecond">Over the last minute.</param>
/// <param name="SecondsLeft">Absent until it is known well.</param>
internal sealed record StepProgress(string Step, long Done, long? Total, double PerSecond, double? SecondsLeft) : ProgressReport
{
    public override double? SecondsLeft { get; init; } = SecondsLeft;

    /// <summary>Links with a picture, of a step that fetches.</summary>
    public long? Kept { get; init; }

    /// <summary>Links without one.</summary>
    public long? Failed { get; init; }

    [JsonIgnore]
    public bool IsBytes { get; init; }

    [JsonIgnore]
    public override IReadOnlyList<ProgressBar> Bars => [new ProgressBar(Step, Done, Total) { PerSecond = PerSecond > 0 ? PerSecond : null, IsBytes = IsBytes }];

    [JsonIgnore]
    public override IReadOnlyList<string> Facts => Kept is long kept && Failed is long failed ? [$"kept {kept:N0}", $"dead {failed:N0}"] : [];

    public override ProgressReport WithDone(IReadOnlyList<long> done) => this with { Done = done[0] };
}
