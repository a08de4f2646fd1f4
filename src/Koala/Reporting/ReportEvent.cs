namespace Koalarization.Koala.Reporting;

/// <summary>
/// A message or result of a command: with <c>--json</c> one line with stable names (<c>event</c> first), otherwise one sentence.
/// </summary>
internal abstract record ReportEvent
{
    /// <summary>The text form.</summary>
    public abstract string Sentence { get; }

    /// <summary>The text form as a line of a log: with the time and a level.</summary>
    /// <param name="now">The time.</param>
    public virtual string Dated(DateTimeOffset now) => Line(now, "information", Sentence);

    /// <summary>A line of a log: <c>2026-03-01 14:05:09 warning Sentence</c>, in local time.</summary>
    protected static string Line(DateTimeOffset time, string level, string sentence) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time.LocalDateTime:yyyy-MM-dd HH:mm:ss} {(level == "information" ? "info" : level)} {sentence}");

    /// <summary>A name from a disk or the web that is safe for a terminal: control characters become <c>?</c>.</summary>
    protected static string Shown(string name) =>
        name.Any(char.IsControl) ? string.Concat(name.Select(letter => char.IsControl(letter) ? '?' : letter)) : name;
}

/// <summary>A note that is not a result.</summary>
internal sealed record Note(string Text) : ReportEvent
{
    public override string Sentence => Text;
}

/// <summary>The command was interrupted and ends.</summary>
internal sealed record Stopping : ReportEvent
{
    public override string Sentence => "Stopping...";
}

/// <summary>An item that is missing from the result, and why.</summary>
internal sealed record LeftOut(string Step, string Name, string Reason, string? Detail) : ReportEvent
{
    public override string Sentence => Detail is null ? $"left out {Shown(Name)}: {Reason}" : $"left out {Shown(Name)}: {Reason} ({Shown(Detail)})";
}

/// <summary>The error that ended a command.</summary>
internal sealed record CommandFailed(string Error) : ReportEvent
{
    public override string Sentence => "koala: " + Error;

    public override string Dated(DateTimeOffset now) => Sentence;
}
