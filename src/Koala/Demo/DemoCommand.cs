using System.CommandLine;
using Koalarization.Demo;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Demo;

/// <summary><c>koala demo [DIR]</c>: the whole pipeline on a small web of its own.</summary>
internal sealed class DemoCommand : KoalaCommand
{
    private const string ProgramName = "koala";

    private readonly Argument<string> _folder = new("DIR")
    {
        Description = "Where the demo's files go; what an earlier demo left there is replaced",
        DefaultValueFactory = _ => "koala-demo",
    };

    public DemoCommand(TimeProvider time)
        : base("demo", "Run the whole pipeline on a small web of its own, kill it in the middle, go on, and show what came out", time) => Add(_folder);

    public override IReadOnlyList<string> Examples => ["koala demo", "koala demo /tmp/koala-demo"];

    protected override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        long start = Time.GetTimestamp();
        DemoFolder folder = DemoFolder.Prepare(arguments.GetRequiredValue(_folder));
        await using DemoWorld world = await DemoWorld.StartAsync(cancellationToken: cancellation);
        await File.WriteAllTextAsync(folder.Links, world.LinksText, cancellation);
        reporter.Report(new Note(
            $"A small web is up at {world.Root}: {world.Pictures.Count} pictures drawn for this demo, and dead, slow, cut-off and lying links among them."));

        // The small web is on loopback, and its hanging links need not be waited for as long as the real web's.
        string[] run =
        [
            "run", folder.Links, folder.Data, "--allow-private", "--first-byte-timeout", "1.5", "--tries", "2", "--checkpoint", "random:0", "--batch-size", "16",
        ];
        string[] verify = ["verify", folder.Data];
        DemoProcess process = new(arguments.GetValue(CommonOptions.Json), reporter);
        int half = world.ExpectedSurvivors.Count / 2;
        if (await process.RunAsync(run, () => folder.CountResized() >= half, cancellation) is int ended)
        {
            reporter.Report(new Note("It was done before it could be killed."));
            if (ended is not (ExitCode.Done or ExitCode.SomethingLeftOut))
            {
                return ended;
            }
        }
        else
        {
            reporter.Report(new Note($"Killed in the middle (SIGKILL), with {folder.CountResized()} of {world.ExpectedSurvivors.Count} pictures fetched. The same line goes on:"));
        }

        foreach (string[] command in (string[][])[run, verify])
        {
            if (await process.RunAsync(command, () => false, cancellation) is int code and not (ExitCode.Done or ExitCode.SomethingLeftOut))
            {
                return code;
            }
        }

        await folder.WriteReaderAsync(cancellation);
        int pictures = DemoPage.Write(folder, world, [LineOf(run), LineOf(verify)], Time.GetElapsedTime(start), cancellation);
        reporter.Result(new DemoDone(
            folder.Page, folder.Records, pictures, world.ExpectedSurvivors.Count, $"python3 {folder.Reader} {folder.Records}", Time.GetElapsedTime(start).TotalSeconds));
        return pictures == world.ExpectedSurvivors.Count ? ExitCode.Done : ExitCode.SomethingLeftOut;
    }

    public static string LineOf(string[] command) => $"{ProgramName} {string.Join(' ', command)}";
}
