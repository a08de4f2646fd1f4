using System.CommandLine;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Control;

/// <summary><c>koala drain NODE</c>.</summary>
internal sealed class DrainCommand : ControlCommand
{
    private readonly Argument<string> _node = new("NODE") { Description = "The node's HOST:PORT, as listed by koala nodes" };

    public DrainCommand(TimeProvider time)
        : base("drain", "Drain a node: it finishes its work and leaves the cluster", time) => Add(_node);

    public override IReadOnlyList<string> Examples => ["koala drain 127.0.0.1:8650"];

    protected override async Task<int> RunAsync(ParseResult arguments, IControl control, IReporter reporter, CancellationToken cancellation)
    {
        reporter.Result(new NodeDraining((await control.DrainAsync(arguments.GetRequiredValue(_node), cancellation)).Address));
        return ExitCode.Done;
    }
}
