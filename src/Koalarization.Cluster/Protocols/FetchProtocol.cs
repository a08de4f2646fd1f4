namespace Koalarization.Cluster;

/// <summary>
/// Between a fetch node's <c>/user/fetch</c> and the coordinator: the node pulls slices, each under a lease; it tells every few seconds what it holds,
/// so that a coordinator that has just taken over knows it too.
/// </summary>
public static class FetchProtocol
{
    /// <summary>Where a fetch node's slices are.</summary>
    public const string Name = "fetch";

    /// <summary>
    /// A node asks for slices, and says what it holds: when it has room, and every <see cref="Every"/> in any case. Answered by <see cref="SliceLeased"/>
    /// for each slice that it gets, now or later, and <see cref="SliceRecalled"/> for each that it holds and shall not.
    /// </summary>
    /// <param name="Owner">The process.</param>
    /// <param name="Room">Slices that it could take now. It replaces what an earlier message said.</param>
    /// <param name="Held">What it works on. At most 256.</param>
    public sealed record RequestSlices(NodeOwner Owner, int Room, IReadOnlyList<HeldSlice> Held) : IWireMessage
    {
        /// <summary>How often a node says what it holds.</summary>
        public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    }

    /// <summary>A slice in work.</summary>
    /// <param name="Slice">Which.</param>
    /// <param name="Epoch">Of the lease.</param>
    /// <param name="Progress">
    /// Grows with whatever happens to the slice: links that came to an end, and one for every time that links were waiting for a host or the network. A slice whose
    /// number stays the same for a minute is leased to another.
    /// </param>
    public sealed record HeldSlice(SliceId Slice, long Epoch, long Progress);

    /// <summary>A slice is the node's to work on, until it is resolved, handed back or recalled.</summary>
    public sealed record SliceLeased : IWireMessage
    {
        /// <summary>Which.</summary>
        public required SliceId Slice { get; init; }

        /// <summary>The job's epoch: a worker that has seen a later one refuses it.</summary>
        public required long Epoch { get; init; }

        /// <summary>The data set's folder, relative to the store.</summary>
        public required string Data { get; init; }

        /// <summary>How far the job goes: <see cref="JobEnd.Download"/> only fetches.</summary>
        public required JobEnd Until { get; init; }

        /// <summary>Whether its pictures may kill their decoder: it was lost with its process twice.</summary>
        public required bool IsCareful { get; init; }

        /// <summary>What an earlier holder found out of links without a picture: they need not be fetched again.</summary>
        public IReadOnlyList<EndedLink> Ended { get; init; } = [];
    }

    /// <summary>A link that came to an outcome other than kept, in a slice that is not resolved.</summary>
    /// <param name="Place">The link's place in its slice.</param>
    /// <param name="Outcome">One of the closed list.</param>
    /// <param name="Detail">The particular, at most 100 characters; cut at <see cref="MostDetailBytes"/> between nodes.</param>
    /// <param name="Tries">Requests.</param>
    public sealed record EndedLink(int Place, string Outcome, string? Detail, int Tries)
    {
        /// <summary>Bytes of a detail between nodes: a slice has 512 links.</summary>
        public const int MostDetailBytes = 160;
    }

    /// <summary>Give a slice up: its job ended, or another has it. What is published stays.</summary>
    public sealed record SliceRecalled(SliceId Slice) : IWireMessage;

    /// <summary>A slice's manifest stands, this node's or another's. Repeated until <see cref="SliceNoted"/> comes.</summary>
    /// <param name="Slice">Which.</param>
    /// <param name="Owner">Who says so.</param>
    /// <param name="Survivors">Links with a picture.</param>
    /// <param name="Outcomes">Links by outcome.</param>
    public sealed record SliceResolved(SliceId Slice, NodeOwner Owner, int Survivors, IReadOnlyDictionary<string, int> Outcomes) : IWireMessage;

    /// <summary>The coordinator knows that the slice is resolved.</summary>
    public sealed record SliceNoted(SliceId Slice) : IWireMessage;

    /// <summary>A node gives a slice back unresolved: it leaves, or cannot go on with it.</summary>
    /// <param name="Slice">Which.</param>
    /// <param name="Owner">Who.</param>
    /// <param name="Ended">Links that need not be fetched again.</param>
    /// <param name="Fault">
    /// What keeps the node from going on, in one sentence (the disk is full; a file cannot be read); null when it only leaves. Cut at
    /// <see cref="MostFaultBytes"/> between nodes.
    /// </param>
    public sealed record SliceHandedBack(SliceId Slice, NodeOwner Owner, IReadOnlyList<EndedLink> Ended, string? Fault) : IWireMessage
    {
        /// <summary>Bytes of a fault between nodes.</summary>
        public const int MostFaultBytes = 1000;
    }

    /// <summary>
    /// What a node says of hosts, to the coordinator: how many places it could use, how many it holds, and what hosts answered since the last time.
    /// Sent as soon as there is news, several hosts in one message, and every <see cref="Every"/> of all hosts that the node has to do with, so that a
    /// message that was lost and a coordinator that has just taken over do no harm.
    /// </summary>
    /// <param name="Job">The job.</param>
    /// <param name="Owner">Who.</param>
    /// <param name="Hosts">At most <see cref="Most"/>, with at most <see cref="MostRefusals"/> refusals in all; the others go into another message.</param>
    public sealed record HostsUsed(JobId Job, NodeOwner Owner, IReadOnlyList<HostUse> Hosts) : IWireMessage
    {
        /// <summary>Hosts of one message.</summary>
        public const int Most = 200;

        /// <summary>Refusals of one message.</summary>
        public const int MostRefusals = 1000;

        /// <summary>How often a node says everything.</summary>
        public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    }

    /// <summary>One host, as one node sees it.</summary>
    /// <param name="Host"><c>name:port</c>.</param>
    /// <param name="Wanted">Links that wait for the host or are on the way to it. 0: its places can go to others.</param>
    /// <param name="Held">
    /// Places that it has: never more requests are on the way, until it follows another <see cref="HostPlaces"/>. Those that it no longer needs are not
    /// counted: it has given them back.
    /// </param>
    /// <param name="Generation">Of the last <see cref="HostPlaces"/> that the node has followed; 0: none.</param>
    /// <param name="GoodAnswers">Good answers since the last message, to requests whose place was lent in the era that the node knows of.</param>
    /// <param name="Refusals">Requests that were refused since (429, 503), at most 32.</param>
    public sealed record HostUse(string Host, int Wanted, int Held, long Generation, int GoodAnswers, IReadOnlyList<HostRefusal> Refusals);

    /// <summary>A host refused a request.</summary>
    /// <param name="Outcome"><c>too_many_requests</c> or <c>server_error</c>.</param>
    /// <param name="Detail">The status; cut at <see cref="MostDetailBytes"/> between nodes.</param>
    /// <param name="RetryAfter">What the host asked for.</param>
    /// <param name="Era">The era in which the place was lent (<see cref="HostPlaces.Era"/>).</param>
    public sealed record HostRefusal(string Outcome, string? Detail, TimeSpan? RetryAfter, int Era)
    {
        /// <summary>Bytes of a detail between nodes.</summary>
        public const int MostDetailBytes = 16;
    }

    /// <summary>What the coordinator lends a node, several hosts in one message.</summary>
    /// <param name="Job">The job.</param>
    /// <param name="Hosts">At most <see cref="Most"/>.</param>
    public sealed record HostsLent(JobId Job, IReadOnlyList<HostPlaces> Hosts) : IWireMessage
    {
        /// <summary>Hosts of one message.</summary>
        public const int Most = 200;
    }

    /// <summary>How a node may use a host from now on. Absolute: it replaces what was said before of a lower generation.</summary>
    /// <param name="Host"><c>name:port</c>.</param>
    /// <param name="Generation">Grows with every message about the host to this node.</param>
    /// <param name="Places">
    /// Requests that may be on the way at once; fewer than are on the way now: nothing new goes out until enough have come back. <see cref="int.MaxValue"/>: no limit.
    /// </param>
    /// <param name="Era">The host's era.</param>
    /// <param name="Pause">Nothing goes out for this long.</param>
    /// <param name="IsGivenUp">Links end without a request, as <paramref name="Refusal"/>, but for as many as there are places.</param>
    /// <param name="Refusal">What the host said last; cut at <see cref="MostRefusalBytes"/> between nodes.</param>
    /// <param name="Turn">
    /// Requests after which the node gives the places back, because others wait for them as well; 0: it keeps them while it has links.
    /// </param>
    public sealed record HostPlaces(string Host, long Generation, int Places, int Era, TimeSpan Pause, bool IsGivenUp, string? Refusal, int Turn)
    {
        /// <summary>Bytes of a refusal between nodes.</summary>
        public const int MostRefusalBytes = 160;
    }
}
