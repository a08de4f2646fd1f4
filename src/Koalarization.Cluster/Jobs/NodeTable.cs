using System.Collections.Immutable;

namespace Koalarization.Cluster;

/// <summary>Who is there: members of the cluster, what they said of themselves, and what they ask for. Immutable.</summary>
internal sealed record NodeTable
{
    /// <summary>Nobody.</summary>
    public static readonly NodeTable Empty = new();

    /// <summary>The members, by address and incarnation.</summary>
    public ImmutableDictionary<(string Address, int Uid), ClusterMember> Members { get; private init; } = ImmutableDictionary<(string, int), ClusterMember>.Empty;

    private ImmutableDictionary<(string Address, int Uid), JobsProtocol.NodeCard> Cards { get; init; } =
        ImmutableDictionary<(string, int), JobsProtocol.NodeCard>.Empty;

    private ImmutableDictionary<NodeOwner, NodeAsk> Asks { get; init; } = ImmutableDictionary<NodeOwner, NodeAsk>.Empty;

    /// <summary>The processes that are there.</summary>
    public IReadOnlySet<NodeOwner> Present => Cards.Values.Select(card => card.Owner).ToImmutableHashSet();

    /// <summary>Whether every member that works on data sets has said which process it is.</summary>
    public bool HaveAllSpoken =>
        Members.Values.Where(member => member.IsUp && member.Roles.Any(role => role is NodeRoles.Fetch or NodeRoles.Write or NodeRoles.Control))
            .All(member => Cards.ContainsKey((member.Address, member.Uid)));

    /// <summary>The networks that embedders have ready.</summary>
    public IEnumerable<EmbedKey> Networks => Working(NodeRoles.Embed).OrderBy(card => card.Address, StringComparer.Ordinal).SelectMany(card => card.Networks);

    /// <summary>A member is new, or has changed.</summary>
    public NodeTable With(ClusterMember member) => this with { Members = Members.SetItem((member.Address, member.Uid), member) };

    /// <summary>A node introduces itself.</summary>
    public NodeTable With(JobsProtocol.NodeCard card) => this with { Cards = Cards.SetItem((card.Address, card.Uid), card) };

    /// <summary>A node asks for slices.</summary>
    public NodeTable With(NodeOwner node, NodeAsk ask) => this with { Asks = Asks.SetItem(node, ask) };

    /// <summary>A member is gone. Gives the process that it was, when it had spoken.</summary>
    public (NodeTable Nodes, NodeOwner? Gone) Without(ClusterMemberGone member)
    {
        (string, int) key = (member.Address, member.Uid);
        NodeOwner? owner = OwnerOf(member);
        return (this with { Members = Members.Remove(key), Cards = Cards.Remove(key), Asks = owner is NodeOwner gone ? Asks.Remove(gone) : Asks }, owner);
    }

    /// <summary>The process that a member was, or null before it has spoken.</summary>
    public NodeOwner? OwnerOf(ClusterMemberGone member) => Cards.TryGetValue((member.Address, member.Uid), out JobsProtocol.NodeCard? card) ? card.Owner : null;

    /// <summary>What a member said of itself, or null.</summary>
    public JobsProtocol.NodeCard? CardOf(ClusterMember member) => Cards.GetValueOrDefault((member.Address, member.Uid));

    /// <summary>What a node said last of its slices.</summary>
    public NodeAsk AskOf(NodeOwner node) => Asks.GetValueOrDefault(node, NodeAsk.Nothing);

    /// <summary>Every node's last word on its slices.</summary>
    public IEnumerable<(NodeOwner Node, NodeAsk Ask)> AllAsks => Asks.Select(pair => (pair.Key, pair.Value));

    /// <summary>The nodes of a role that take part, can be reached, and have spoken.</summary>
    public IEnumerable<JobsProtocol.NodeCard> Working(string role) => Spoken(role).Where(pair => pair.Member.IsReachable).Select(pair => pair.Card);

    /// <summary>The nodes of a role that take part and have spoken, also those that cannot be reached just now.</summary>
    public IEnumerable<(ClusterMember Member, JobsProtocol.NodeCard Card)> Spoken(string role) =>
        from member in Members.Values
        where member.IsUp && member.Roles.Contains(role)
        let card = CardOf(member)
        where card is not null
        select (member, card);
}

/// <summary>What a fetch node said last.</summary>
/// <param name="Room">Slices that it can still take.</param>
/// <param name="Held">Slices that it works on.</param>
internal sealed record NodeAsk(int Room, IReadOnlyList<FetchProtocol.HeldSlice> Held)
{
    public static readonly NodeAsk Nothing = new(0, []);
}
