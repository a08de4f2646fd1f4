namespace Koalarization.Koala.Reporting;

/// <summary>
/// Something a command has to say. With <c>--json</c> it becomes one line with stable names (<c>event</c> first), without it one sentence.
/// </summary>
internal abstract record ReportEvent
{
    /// <summary>The sentence for a person.</summary>
    public abstract string Sentence { get; }

    /// <summary>A name that came from a disk or the web, without what a terminal would obey: control characters show as <c>?</c>.</summary>
    protected static string Shown(string name) =>
        name.Any(char.IsControl) ? string.Concat(name.Select(letter => char.IsControl(letter) ? '?' : letter)) : name;
}

/// <summary>Something worth knowing that is no result.</summary>
internal sealed record Note(string Text) : ReportEvent
{
    public override string Sentence => Text;
}

/// <summary>An item that the result does not have, and why.</summary>
internal sealed record LeftOut(string Step, string Name, string Reason, string? Detail) : ReportEvent
{
    public override string Sentence => Detail is null ? $"left out {Shown(Name)}: {Reason}" : $"left out {Shown(Name)}: {Reason} ({Shown(Detail)})";
}

/// <summary>How far a step is; rates are over the whole step.</summary>
internal sealed record StepProgress(string Step, long Done, long? Total, double PerSecond, double? SecondsLeft) : ReportEvent
{
    public override string Sentence
    {
        get
        {
            string far = Total is long total ? $"{Done:N0} of {total:N0}" : $"{Done:N0}";
            string left = SecondsLeft is double seconds ? $", {Durations.InWords(TimeSpan.FromSeconds(seconds))} left" : "";
            return $"{Step}: {far}, {PerSecond:N1}/s{left}";
        }
    }
}

/// <summary>Why a command ended before its work was done.</summary>
internal sealed record CommandFailed(string Error) : ReportEvent
{
    public override string Sentence => "koala: " + Error;
}
