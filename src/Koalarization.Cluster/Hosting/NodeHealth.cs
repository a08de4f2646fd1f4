using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;

namespace Koalarization.Cluster.Hosting;

/// <summary>Whether a node's process can work, for probes. Thread-safe.</summary>
internal sealed class NodeHealth
{
    private readonly ConcurrentDictionary<string, bool> _stages = new(StringComparer.Ordinal);
    private volatile ActorSystem? _system;

    /// <summary>Whether the process is of use, or may become so by itself: where it is not, it is to be started again.</summary>
    public bool IsAlive => _system is not { WhenTerminated.IsCompleted: true };

    /// <summary>Why the node does not work now, in one sentence; null: it works.</summary>
    public string? NotReady
    {
        get
        {
            if (_system is not ActorSystem system)
            {
                return "The node is starting.";
            }

            if (!IsAlive || CoordinatedShutdown.Get(system).ShutdownReason is not null)
            {
                return "The node is leaving the cluster.";
            }

            if (Akka.Cluster.Cluster.Get(system).SelfMember.Status != MemberStatus.Up)
            {
                return "The node has not joined the cluster yet.";
            }

            return _stages.Where(stage => !stage.Value).Select(stage => $"The stage {stage.Key} does not work.").Order(StringComparer.Ordinal).FirstOrDefault();
        }
    }

    /// <summary>The node's actor system has started.</summary>
    public void Started(ActorSystem system) => _system = system;

    /// <summary>Whether a stage works.</summary>
    public void Set(string stage, bool works) => _stages[stage] = works;
}
