using Akka.Actor;
using Koalarization.Cluster.Coordination;

namespace Koalarization.Cluster.Membership;

/// <summary>A member of the cluster, as membership shows it. Sent to the coordinator whenever it changes.</summary>
/// <param name="Address">Its address, <c>akka.tcp://koala@host:port</c>.</param>
/// <param name="Uid">Its incarnation.</param>
/// <param name="Roles">Its roles.</param>
/// <param name="Status">Its status in the membership.</param>
/// <param name="IsReachable">Whether its heartbeats arrive.</param>
internal sealed record ClusterMember(string Address, int Uid, IReadOnlyList<string> Roles, string Status, bool IsReachable) : INoSerializationVerificationNeeded
{
    /// <summary>For people.</summary>
    public string State => IsReachable ? Status : "Unreachable";

    /// <summary>Whether it takes part.</summary>
    public bool IsUp => string.Equals(Status, "Up", StringComparison.Ordinal);

    /// <summary><c>host:port</c>.</summary>
    public string HostAndPort => JobsProtocol.NodeStatus.HostAndPort(Address);
}

/// <summary>A member is no longer one.</summary>
internal sealed record ClusterMemberGone(string Address, int Uid) : INoSerializationVerificationNeeded;
