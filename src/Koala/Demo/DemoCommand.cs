using System.CommandLine;
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

        // The server answers at once, but a busy machine may not.
        string[] run =
        [
            "run", folder.Links, folder.Data, "--allow-private", "--first-byte-timeout", "15", "--tries", "2", "--checkpoint", "random:0", "--batch-size", "16",
        ];
        string[] verify = ["verify", folder.Data];
        DemoProcess process = new(arguments.GetValue(CommonOptions.Json), reporter);
        int half = world.ExpectedSurvivors.Count / 2;
        List<DemoStep> steps = [];
        foreach ((string[] command, Func<bool> shouldKill) in ((string[], Func<bool>)[])[(run, () => folder.CountResized() >= half), (run, () => false), (verify, () => false)])
        {
            TimeSpan began = Time.GetElapsedTime(start);
            int? code = await process.RunAsync(command, shouldKill, cancellation);
            var step = new DemoStep(LineOf(command), began, Time.GetElapsedTime(start) - began, code, folder.CountResized());
            steps.Add(step);
            if (code is null)
            {
                reporter.Report(new DemoKilled(step.Took.TotalSeconds, step.Pictures, world.ExpectedSurvivors.Count));
            }
            else if (code is not (ExitCode.Done or ExitCode.Incomplete))
            {
                return code.Value;
            }
            else if (steps.Count == 1)
            {
                reporter.Report(new Note("The run finished before it could be killed."));
            }
        }

        await folder.WriteReaderAsync(cancellation);
        int pictures = DemoPage.Write(folder, world, steps, cancellation);
        reporter.Result(new DemoDone(
            folder.Page, folder.Data, folder.Records, pictures, world.ExpectedSurvivors.Count, $"python3 {folder.Reader} {folder.Records}", Time.GetElapsedTime(start).TotalSeconds));
        return pictures == world.ExpectedSurvivors.Count && steps[^1].ExitCode == ExitCode.Done ? ExitCode.Done : ExitCode.Incomplete;
    }

    public static string LineOf(string[] command) => $"{ProgramName} {string.Join(' ', command)}";
}
