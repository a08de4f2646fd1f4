using System.CommandLine;
using Koalarization.Cluster.Coordination;
using Koalarization.Dataset.Wording;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Control;

/// <summary><c>koala nodes</c>.</summary>
internal sealed class NodesCommand(TimeProvider time) : ControlCommand("nodes", "List nodes: roles, state, version, device, rate, work, why one gets none, and its last error", time)
{
    public override IReadOnlyList<string> Examples => ["koala nodes", "koala nodes --control http://127.0.0.1:8661,http://127.0.0.1:8662"];

    protected override async Task<int> RunAsync(ParseResult arguments, IControl control, IReporter reporter, CancellationToken cancellation)
    {
        JobsProtocol.NodeList list = await control.NodesAsync(cancellation);
        NodeState[] nodes = [.. list.Nodes.Select(NodeState.Of)];
        if (arguments.GetValue(CommonOptions.Json))
        {
            Array.ForEach(nodes, reporter.Result);
        }
        else if (nodes.Length > 0)
        {
            reporter.Result(new NodesListed(nodes));
        }

        if (list.Further > 0)
        {
            reporter.Report(new Note($"{list.Further:N0} more {Amount.Noun(list.Further, "node")} not listed."));
        }

        return ExitCode.Done;
    }
}
