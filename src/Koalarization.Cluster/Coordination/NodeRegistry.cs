using System.Collections.Immutable;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Membership;
using Koalarization.Cluster.Wire;

namespace Koalarization.Cluster.Coordination;

/// <summary>The members of the cluster, what they registered as, and what they ask for. Immutable; times come from outside.</summary>
internal sealed record NodeRegistry
{
    /// <summary>
    /// How long a registration without a member, or a demand without a registration, is kept: a message of a node may arrive before the coordinator sees the member,
    /// or after it was removed.
    /// </summary>
    public static readonly TimeSpan UnknownNodeTimeout = TimeSpan.FromSeconds(60);

    public static readonly NodeRegistry Empty = new();

    /// <summary>The mark of the coordinator's store; null: unknown.</summary>
    public string? Store { get; init; }

    /// <summary>The members, by address and incarnation.</summary>
    public ImmutableDictionary<(string Address, int Uid), ClusterMember> Members { get; private init; } = ImmutableDictionary<(string, int), ClusterMember>.Empty;

    private ImmutableDictionary<(string Address, int Uid), (JobsProtocol.RegisterNode Node, TimeSpan At)> Registrations { get; init; } =
        ImmutableDictionary<(string, int), (JobsProtocol.RegisterNode, TimeSpan)>.Empty;

    private ImmutableDictionary<NodeOwner, (SliceDemand Demand, TimeSpan At)> Demands { get; init; } =
        ImmutableDictionary<NodeOwner, (SliceDemand, TimeSpan)>.Empty;

    private ImmutableDictionary<NodeOwner, (string Sentence, TimeSpan At)> Errors { get; init; } = ImmutableDictionary<NodeOwner, (string, TimeSpan)>.Empty;

    /// <summary>The processes that are registered.</summary>
    public IReadOnlySet<NodeOwner> Owners => Registrations.Values.Select(registration => registration.Node.Owner).ToImmutableHashSet();

    /// <summary>Whether every member that works on data sets has registered.</summary>
    public bool AllRegistered =>
        Members.Values.Where(member => member.IsUp && member.Roles.Any(role => role is NodeRoles.Fetch or NodeRoles.Write or NodeRoles.Control))
            .All(member => Registrations.ContainsKey((member.Address, member.Uid)));

    /// <summary>The networks that embedders have ready.</summary>
    public IEnumerable<EmbedKey> Networks => Available(NodeRoles.Embed).OrderBy(node => node.Address, StringComparer.Ordinal).SelectMany(node => node.Networks);

    /// <summary>A member is new, or has changed.</summary>
    public NodeRegistry With(ClusterMember member) => this with { Members = Members.SetItem((member.Address, member.Uid), member) };

    /// <summary>A node registers.</summary>
    public NodeRegistry With(JobsProtocol.RegisterNode node, TimeSpan now) =>
        this with { Registrations = Registrations.SetItem((node.Address, node.Uid), (node, now)) };

    /// <summary>A node asks for slices.</summary>
    public NodeRegistry With(NodeOwner node, SliceDemand demand, TimeSpan now) => this with { Demands = Demands.SetItem(node, (demand, now)) };

    /// <summary>A node could not do its work.</summary>
    public NodeRegistry WithError(NodeOwner node, string sentence, TimeSpan now) => this with { Errors = Errors.SetItem(node, (sentence, now)) };

    /// <summary>The last fault that kept a node from its work; null: none.</summary>
    public (string Sentence, TimeSpan At)? ErrorOf(NodeOwner node) => Errors.TryGetValue(node, out (string, TimeSpan) error) ? error : null;

    /// <summary>A member was removed.</summary>
    public NodeRegistry Without(ClusterMemberGone member)
    {
        (string, int) key = (member.Address, member.Uid);
        return this with
        {
            Members = Members.Remove(key),
            Registrations = Registrations.Remove(key),
            Demands = OwnerOf(member) is NodeOwner owner ? Demands.Remove(owner) : Demands,
            Errors = OwnerOf(member) is NodeOwner gone ? Errors.Remove(gone) : Errors,
        };
    }

    /// <summary>Time has passed: what belongs to no member is forgotten.</summary>
    public NodeRegistry At(TimeSpan now)
    {
        ImmutableDictionary<(string, int), (JobsProtocol.RegisterNode, TimeSpan At)> registrations = Registrations.RemoveRange(
            Registrations.Where(pair => !Members.ContainsKey(pair.Key) && now - pair.Value.At >= UnknownNodeTimeout).Select(pair => pair.Key));
        NodeRegistry nodes = this with { Registrations = registrations };
        IReadOnlySet<NodeOwner> owners = nodes.Owners;
        return nodes with
        {
            Errors = Errors.RemoveRange(Errors.Keys.Where(owner => !owners.Contains(owner))),
            Demands = Demands.RemoveRange(
                Demands.Where(pair => !owners.Contains(pair.Key) && now - pair.Value.At >= UnknownNodeTimeout).Select(pair => pair.Key)),
        };
    }

    /// <summary>Whether anything is known of a process.</summary>
    public bool Knows(NodeOwner owner) => Demands.ContainsKey(owner) || Registrations.Values.Any(registration => registration.Node.Owner == owner);

    /// <summary>The process that a member was, or null where it had not registered.</summary>
    public NodeOwner? OwnerOf(ClusterMemberGone member) =>
        Registrations.TryGetValue((member.Address, member.Uid), out var registration) ? registration.Node.Owner : null;

    /// <summary>What a member registered as, or null.</summary>
    public JobsProtocol.RegisterNode? RegistrationOf(ClusterMember member) => Registrations.GetValueOrDefault((member.Address, member.Uid)).Node;

    /// <summary>What a node last asked for.</summary>
    public SliceDemand DemandOf(NodeOwner node) => Demands.TryGetValue(node, out var known) ? known.Demand : SliceDemand.None;

    /// <summary>A node was given a slice: it has room for one fewer.</summary>
    public NodeRegistry WithSliceFor(NodeOwner node)
    {
        (SliceDemand demand, TimeSpan at) = Demands[node];
        return With(node, demand with { Room = demand.Room - 1 }, at);
    }

    /// <summary>What every node last asked for.</summary>
    public IEnumerable<(NodeOwner Node, SliceDemand Demand)> AllDemands => Demands.Select(pair => (pair.Key, pair.Value.Demand));

    /// <summary>The registered nodes of a role that are up, reachable, and work in the coordinator's store.</summary>
    public IEnumerable<JobsProtocol.RegisterNode> Available(string role) => Registered(role).Where(pair => pair.Member.IsReachable).Select(pair => pair.Node);

    /// <summary>Whether a node works in the coordinator's store, as far as both say it.</summary>
    public bool IsInStore(JobsProtocol.RegisterNode node) => Store is null || node.Store is null || string.Equals(Store, node.Store, StringComparison.Ordinal);

    /// <summary>The registered nodes of a role that are up and work in the coordinator's store, reachable or not.</summary>
    public IEnumerable<(ClusterMember Member, JobsProtocol.RegisterNode Node)> Registered(string role) =>
        from member in Members.Values
        where member.IsUp && member.Roles.Contains(role)
        let node = RegistrationOf(member)
        where node is not null && IsInStore(node)
        select (member, node);
}
