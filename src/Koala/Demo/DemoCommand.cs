using System.CommandLine;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Demo.World;
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

    private readonly Func<RootCommand> _program;

    /// <param name="program">Makes the program whose commands the demo runs.</param>
    /// <param name="time">The clock.</param>
    public DemoCommand(Func<RootCommand> program, TimeProvider time)
        : base("demo", "Run the whole pipeline on a small web of its own, and show what came out", time)
    {
        _program = program;
        Add(_folder);
    }

    public override IReadOnlyList<string> Examples => ["koala demo", "koala demo /tmp/koala-demo"];

    protected override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        long start = Time.GetTimestamp();
        DemoFolder folder = DemoFolder.Prepare(arguments.GetRequiredValue(_folder));
        await using DemoWorld world = await DemoWorld.StartAsync(cancellationToken: cancellation);
        await File.WriteAllTextAsync(folder.Links, world.LinksText, cancellation);
        reporter.Say(new Note(
            $"A small web is up at {world.Root}: {world.Pictures.Count} pictures drawn for this demo, and dead, slow, cut-off and lying links among them."));

        string[][] commands =
        [
            // The small web is on loopback, and its hanging links need not be waited for as long as the real web's.
            ["download", folder.Links, folder.Original, "--allow-private", "--first-byte-timeout", "1.5", "--tries", "2"],
            ["resize", folder.Original, folder.Resized],
            ["lab-batch", folder.Resized, folder.Records, "--checkpoint", "random:0", "--batch-size", "16"],
        ];
        foreach (string[] command in commands)
        {
            reporter.Say(new CommandRun(LineOf(command)));
            int code = await RunAsync(command, arguments, cancellation);
            if (code is not (ExitCode.Done or ExitCode.SomethingLeftOut))
            {
                return code;
            }
        }

        await folder.WriteReaderAsync(cancellation);
        int pictures = DemoPage.Write(folder, world, [.. commands.Select(LineOf)], Time.GetElapsedTime(start), cancellation);
        reporter.Result(new DemoDone(
            folder.Page, folder.Records, pictures, world.ExpectedSurvivors.Count, $"python3 {folder.Reader} {folder.Records}", Time.GetElapsedTime(start).TotalSeconds));
        return pictures == world.ExpectedSurvivors.Count ? ExitCode.Done : ExitCode.SomethingLeftOut;
    }

    private static string LineOf(string[] command) => $"{ProgramName} {string.Join(' ', command)}";

    private Task<int> RunAsync(string[] command, ParseResult arguments, CancellationToken cancellation)
    {
        string[] words = arguments.GetValue(CommonOptions.Json) ? [.. command, "--json"] : command;
        return _program().Parse(words).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, cancellation);
    }
}
