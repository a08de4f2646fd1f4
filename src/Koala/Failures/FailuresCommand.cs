using System.CommandLine;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Lifetime;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Failures;

/// <summary><c>koala failures DATA [--csv]</c>.</summary>
internal sealed class FailuresCommand : KoalaCommand
{
    private const int DetailsShown = 5;

    private readonly PathArgument _data = new("DATA") { Description = "Data set made by koala run or a cluster" };
    private readonly Option<bool> _csv = new("--csv") { Description = "Print every failed link as CSV: name,url,host,round,outcome,detail" };
    private readonly Option<int> _hosts = new Option<int>("--hosts") { Description = "Hosts to show", HelpName = "N", DefaultValueFactory = _ => 10 }.Whole(0);

    public FailuresCommand(TimeProvider time)
        : base("failures", "Show why links have no picture, by reason and by host", time)
    {
        Add(_data);
        Add(_csv);
        Add(_hosts);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala failures data",
        "koala failures data --csv > failed.csv",
    ];

    protected override Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        string data = arguments.GetRequiredValue(_data);
        if (arguments.GetValue(_csv) && arguments.GetValue(CommonOptions.Json))
        {
            throw new UserErrorException("--csv and --json cannot be used together.", ExitCode.UsageError);
        }

        var links = new FailedLinks(data);
        if (arguments.GetValue(_csv))
        {
            Print(links, cancellation);
            return Task.FromResult(ExitCode.Done);
        }

        var counts = new FailureCounts();
        foreach (FailedLink link in links.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            counts.Add(link);
        }

        foreach (ReportEvent result in counts.Reasons(DetailsShown).Concat<ReportEvent>(counts.Hosts(arguments.GetValue(_hosts))))
        {
            reporter.Result(result);
        }

        reporter.Result(new FailuresDone(data, links.Links, counts.Failed, links.Open));
        return Task.FromResult(ExitCode.Done);
    }

    private static void Print(FailedLinks links, CancellationToken cancellation)
    {
        using var output = new StreamWriter(StandardStreams.OpenOutput(), bufferSize: 1 << 16) { NewLine = "\n" };
        output.WriteLine("name,url,host,round,outcome,detail");
        foreach (FailedLink link in links.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            output.WriteLine(string.Join(',', new[] { link.Name, link.Url, link.Host, link.Round, link.Outcome, link.Detail }.Select(Quoted)));
        }
    }

    private static string Quoted(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
