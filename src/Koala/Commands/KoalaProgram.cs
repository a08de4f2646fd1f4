using System.CommandLine;
using Koalarization.Koala.BenchEmbed;
using Koalarization.Koala.Compress;
using Koalarization.Koala.Control;
using Koalarization.Koala.Demo;
using Koalarization.Koala.Doctor;
using Koalarization.Koala.Download;
using Koalarization.Koala.Failures;
using Koalarization.Koala.Inspect;
using Koalarization.Koala.LabBatch;
using Koalarization.Koala.Node;
using Koalarization.Koala.Repair;
using Koalarization.Koala.Resize;
using Koalarization.Koala.Run;
using Koalarization.Koala.Split;
using Koalarization.Koala.Verify;

namespace Koalarization.Koala.Commands;

/// <summary>The program and its commands, in the order of a first use.</summary>
internal static class KoalaProgram
{
    public static RootCommand Create(TimeProvider time) => Create(time, new KoalaServices());

    public static RootCommand Create(TimeProvider time, KoalaServices services)
    {
        var program = new RootCommand("Build data sets for image colourisation: from links to TFRecords with luminance, colours and Inception logits.")
        {
            new DemoCommand(time),
            new RunCommand(time, services),
            new DownloadCommand(time),
            new ResizeCommand(time),
            new LabBatchCommand(time),
            new InspectCommand(time),
            new SplitCommand(time),
            new VerifyCommand(time),
            new RepairCommand(time, services),
            new FailuresCommand(time),
            new CompressCommand(time),
            new NodeCommand(time, services),
            new SubmitCommand(time),
            new StatusCommand(time),
            new CancelCommand(time),
            new JobsCommand(time),
            new NodesCommand(time),
            new DrainCommand(time),
            new EmbeddersCommand(time),
            new DoctorCommand(time),
            new BenchEmbedCommand(time),
            new CompletionCommand(time),
            new SandboxCommand(time, services),
        };
        program.Options.Add(CommonOptions.Json);
        program.Options.Add(CommonOptions.Debug);
        HelpCommandLineAction.AddTo(program);
        return program;
    }
}
