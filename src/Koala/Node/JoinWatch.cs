using Akka.Actor;
using Koalarization.Cluster.Hosting;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Node;

/// <summary>
/// Tells the user why a node has not joined its cluster. A node answers to the name that it was started with and to no other, so a seed given by address is
/// never heard of where the node goes by name.
/// </summary>
internal static class JoinWatch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Waits, and while the node is in no cluster reports the names and joins the nodes that its store knows. It looks again and again: the cluster may be founded
    /// after this node was started.
    /// </summary>
    public static async Task RunAsync(ActorSystem system, NodeEndpointOptions endpoint, IReporter reporter, TimeProvider time, CancellationToken cancellation)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        string self = $"{cluster.SelfAddress.Host}:{cluster.SelfAddress.Port}";

        // Whoever may found a cluster reports what keeps it from that.
        if (endpoint.Seeds.Count == 0 || endpoint.Seeds[0] == self)
        {
            return;
        }

        string seeds = string.Join(", ", endpoint.Seeds);
        string[]? told = null;
        while (true)
        {
            await Task.Delay(Patience, time, cancellation);
            if (cluster.IsTerminated || !cluster.State.Members.IsEmpty)
            {
                return;
            }

            IReadOnlyList<string> others = endpoint.Members is { } file ? await Task.Run(file.Read, cancellation) : [];
            string[] known = [.. others.Where(name => name != self && !endpoint.Seeds.Contains(name))];
            if (told is not null && told.SequenceEqual(known))
            {
                continue;
            }

            told = known;
            if (known.Length > 0)
            {
                // Before the report, which may fail where the output is not read.
                cluster.JoinSeedNodes([.. endpoint.Seeds.Concat(known).Select(name => Address.Parse($"{cluster.SelfAddress.Protocol}://{system.Name}@{name}"))]);
            }

            reporter.Report(new Note(known.Length == 0
                ? $"Not in a cluster after {Patience.TotalSeconds:0} s: no answer from {seeds}; is a control node running there, and is that the name that it goes by (its --public-host or --host)?"
                : $"Not in a cluster yet: --seed names {seeds}, and the nodes of this store go by {string.Join(", ", known)}; use their names with --seed. Joining them now."));
        }
    }
}
