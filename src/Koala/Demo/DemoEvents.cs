using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Demo;

/// <summary>A command that the demo runs, as a user would type it.</summary>
internal sealed record CommandRun(string Command) : ReportEvent
{
    public override string Sentence => "\n$ " + Command;
}

/// <summary>The result of the demo.</summary>
internal sealed record DemoDone(string Page, string Records, int Pictures, int Expected, string Read, double Seconds) : ReportEvent
{
    public override string Sentence =>
        $"""

        {Pictures} of {Expected} good pictures are in TFRecords, after {Durations.Format(TimeSpan.FromSeconds(Seconds))}; the network's weights are RANDOM.
          open the page:     {System.IO.Path.GetFullPath(Page)}
          read the records:  {Read}
        """;
}
