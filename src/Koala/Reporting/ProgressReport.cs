using System.Text.Json.Serialization;

namespace Koalarization.Koala.Reporting;

/// <summary>Progress of work: bars and facts on a terminal, one sentence in a file, one event with <c>--json</c>.</summary>
internal abstract record ProgressReport : ReportEvent
{
    /// <summary>What is worked on, where several are shown; null: it goes without saying.</summary>
    [JsonIgnore]
    public virtual string? Title => null;

    /// <summary>The parts of the work, always the same ones.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<ProgressBar> Bars { get; }

    /// <summary>What else is known, the most important first.</summary>
    [JsonIgnore]
    public virtual IReadOnlyList<string> Facts => [];

    /// <summary>Seconds until the whole is done; null: not known well.</summary>
    public abstract double? SecondsLeft { get; init; }

    /// <summary>The same with other numbers of done items, one for each bar.</summary>
    public abstract ProgressReport WithDone(IReadOnlyList<long> done);

    public override string Sentence
    {
        get
        {
            IEnumerable<string> parts = [.. Bars.Select(bar => bar.Sentence), .. Facts];
            string title = Title is null ? "" : Title + ": ";
            return title + string.Join(", ", SecondsLeft is double seconds ? parts.Append(Durations.Left(seconds)) : parts);
        }
    }
}
