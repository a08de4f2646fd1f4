using System.CommandLine;
using Koalarization.Dataset.Wording;
using Koalarization.Demo;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Demo;

/// <summary><c>koala demo [DIR]</c>: the whole pipeline on a built-in web server.</summary>
internal sealed class DemoCommand : KoalaCommand
{
    private const string ProgramName = "koala";

    private readonly PathArgument _folder = new("DIR")
    {
        Description = "Folder for the demo's files; those of an earlier demo are replaced",
        DefaultValueFactory = _ => "koala-demo",
    };

    public DemoCommand(TimeProvider time)
        : base("demo", "Run the whole pipeline on a built-in web server, kill it halfway, resume it, and show the result", time) => Add(_folder);

    public override IReadOnlyList<string> Examples => ["koala demo", "koala demo /tmp/koala-demo"];

    protected override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        long start = Time.GetTimestamp();
        DemoFolder folder = DemoFolder.Prepare(arguments.GetRequiredValue(_folder));
        await using DemoWorld world = await DemoWorld.StartAsync(cancellationToken: cancellation);
        await File.WriteAllTextAsync(folder.Links, world.LinksText, cancellation);
        reporter.Report(new Note(
            $"Web server started at {world.Root}: {world.Pictures.Count} drawn pictures, and dead, slow, truncated and mislabelled links."));

        // The server is on loopback: a stalled link needs no long timeout.
        string[] run =
        [
            "run", folder.Links, folder.Data, "--allow-private", "--first-byte-timeout", "1.5", "--tries", "2", "--checkpoint", "random:0", "--batch-size", "16",
        ];
        string[] verify = ["verify", folder.Data];
        DemoProcess process = new(arguments.GetValue(CommonOptions.Json), reporter);
        int half = world.ExpectedSurvivors.Count / 2;
        if (await process.RunAsync(run, () => folder.CountResized() >= half, cancellation) is int ended)
        {
            reporter.Report(new Note("The run finished before it could be killed."));
            if (ended is not (ExitCode.Done or ExitCode.Incomplete))
            {
                return ended;
            }
        }
        else
        {
            reporter.Report(new Note($"Killed (SIGKILL) with {folder.CountResized()} of {Amount.Of(world.ExpectedSurvivors.Count, "picture")} fetched; the same command resumes:"));
        }

        foreach (string[] command in (string[][])[run, verify])
        {
            if (await process.RunAsync(command, () => false, cancellation) is int code and not (ExitCode.Done or ExitCode.Incomplete))
            {
                return code;
            }
        }

        await folder.WriteReaderAsync(cancellation);
        int pictures = DemoPage.Write(folder, world, [LineOf(run), LineOf(verify)], Time.GetElapsedTime(start), cancellation);
        reporter.Result(new DemoDone(
            folder.Page, folder.Records, pictures, world.ExpectedSurvivors.Count, $"python3 {folder.Reader} {folder.Records}", Time.GetElapsedTime(start).TotalSeconds));
        return pictures == world.ExpectedSurvivors.Count ? ExitCode.Done : ExitCode.Incomplete;
    }

    public static string LineOf(string[] command) => $"{ProgramName} {string.Join(' ', command)}";
}
