using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Demo;

/// <summary>A command that the demo runs, as a user would type it.</summary>
internal sealed record CommandRun(string Command) : ReportEvent
{
    public override string Sentence => "\n$ " + Command;
}

/// <summary>What the demo made.</summary>
internal sealed record DemoDone(string Page, string Records, int Pictures, int Expected, string Read, double Seconds) : ReportEvent
{
    public override string Sentence =>
        $"""

        {Pictures} of the {Expected} good pictures are in TFRecords, after {Durations.InWords(TimeSpan.FromSeconds(Seconds))}. The network's weights were RANDOM.
          look at them:    {System.IO.Path.GetFullPath(Page)}
          read them:       {Read}
        """;
}
