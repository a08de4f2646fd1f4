using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Demo;

/// <summary>A command that the demo runs, as a user would type it.</summary>
internal sealed record CommandRun(string Command) : ReportEvent
{
    public override string Sentence => "\n$ " + Command;
}

/// <summary>The demo killed its run.</summary>
/// <param name="Seconds">How long it had run.</param>
/// <param name="Pictures">The pictures that were fetched and resized.</param>
/// <param name="Expected">The good pictures of the list.</param>
internal sealed record DemoKilled(double Seconds, int Pictures, int Expected) : ReportEvent
{
    public override string Sentence =>
        $"Killed (SIGKILL) after {Durations.Format(TimeSpan.FromSeconds(Seconds))} with {Pictures} of {Expected} pictures fetched; the same command resumes:";
}

/// <summary>The result of the demo.</summary>
internal sealed record DemoDone(string Page, string Data, string Records, int Pictures, int Expected, string Read, double Seconds) : ReportEvent
{
    public override string Sentence =>
        $"""

        {Pictures} of {Expected} good pictures are in TFRecords, after {Durations.Format(TimeSpan.FromSeconds(Seconds))}; the network's weights are RANDOM.
          open the page:     {System.IO.Path.GetFullPath(Page)}
          read the records:  {Read}{(Pictures < Expected ? $"{Environment.NewLine}  see what is missing: koala failures {Data}; a busy machine may have let links time out" : "")}
        """;
}
