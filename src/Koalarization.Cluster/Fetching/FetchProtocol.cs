using Koalarization.Cluster.Wire;
using Koalarization.Dataset.State;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Fetching;

/// <summary>
/// Between a fetch node's <c>/user/fetch</c> and the coordinator: the node pulls slices, each under a lease; every few seconds it reports its slices,
/// so that a coordinator that has just taken over knows it too.
/// </summary>
public static class FetchProtocol
{
    /// <summary>Where a fetch node's slices are.</summary>
    public const string Name = "fetch";

    /// <summary>
    /// A node asks for slices, and reports its slices: when it has room, and every <see cref="Every"/> in any case. Answered by <see cref="SliceLeased"/>
    /// for each slice that it gets, now or later, and <see cref="SliceRecalled"/> for each that it holds and shall not.
    /// </summary>
    /// <param name="Owner">The process.</param>
    /// <param name="Room">Slices that it could take now. It replaces what an earlier message contained.</param>
    /// <param name="Active">What it works on. At most 256.</param>
    public sealed record RequestSlices(NodeOwner Owner, int Room, IReadOnlyList<ActiveSlice> Active) : IWireMessage
    {
        /// <summary>How often a node reports its slices.</summary>
        public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    }

    /// <summary>A slice in work.</summary>
    /// <param name="Slice">Which.</param>
    /// <param name="Epoch">Of the lease.</param>
    /// <param name="Progress">
    /// Grows with whatever happens to the slice: links that came to an end, and one for every time that links were waiting for a host or the network. A slice whose
    /// number stays the same for a minute is leased to another.
    /// </param>
    public sealed record ActiveSlice(SliceId Slice, long Epoch, long Progress)
    {
        /// <summary>How far its links are, for people.</summary>
        public SliceCounts Counts { get; init; } = SliceCounts.None;
    }

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
        public required bool IsSandboxed { get; init; }

        /// <summary>What an earlier holder found out of links without a picture: they need not be fetched again.</summary>
        public IReadOnlyList<EndedLink> Ended { get; init; } = [];

        /// <summary>How its links are fetched; null: by the node's own options.</summary>
        public FetchRules? Fetch { get; init; }
    }

    /// <summary>A link that came to an outcome other than kept, in a slice that is not resolved.</summary>
    /// <param name="Index">The link's index in its slice.</param>
    /// <param name="Outcome">One of the closed list.</param>
    /// <param name="Detail">The particular, at most 100 characters; cut at <see cref="MaxDetailBytes"/> between nodes.</param>
    /// <param name="Tries">Requests.</param>
    public sealed record EndedLink(int Index, string Outcome, string? Detail, int Tries)
    {
        /// <summary>Bytes of a detail between nodes: a slice has 512 links.</summary>
        public const int MaxDetailBytes = 160;
    }

    /// <summary>Give a slice up: its job ended, or another has it. What is published stays.</summary>
    public sealed record SliceRecalled(SliceId Slice) : IWireMessage;

    /// <summary>A slice's manifest is published, by this node or another. Repeated until <see cref="SliceAcknowledged"/> comes.</summary>
    /// <param name="Slice">Which.</param>
    /// <param name="Owner">The sender.</param>
    /// <param name="Survivors">Links with a picture.</param>
    /// <param name="Outcomes">Links by outcome.</param>
    public sealed record SliceResolved(SliceId Slice, NodeOwner Owner, int Survivors, IReadOnlyDictionary<string, int> Outcomes) : IWireMessage;

    /// <summary>The coordinator knows that the slice is resolved.</summary>
    public sealed record SliceAcknowledged(SliceId Slice) : IWireMessage;

    /// <summary>A node gives a slice back unresolved: it leaves, or cannot continue it.</summary>
    /// <param name="Slice">Which.</param>
    /// <param name="Owner">Who.</param>
    /// <param name="Ended">Links that need not be fetched again.</param>
    /// <param name="Fault">
    /// What keeps the node from continuing, in one sentence (the disk is full; a file cannot be read); null when it only leaves. Cut at
    /// <see cref="MaxFaultBytes"/> between nodes.
    /// </param>
    public sealed record SliceHandedBack(SliceId Slice, NodeOwner Owner, IReadOnlyList<EndedLink> Ended, string? Fault) : IWireMessage
    {
        /// <summary>Bytes of a fault between nodes.</summary>
        public const int MaxFaultBytes = 1000;
    }

    /// <summary>
    /// A node's use of hosts, to the coordinator. A refusal is reported at once, a lack or surplus of permits within 20 ms, and all hosts that the node
    /// uses every <see cref="Every"/>, which renews its permits. Answered by <see cref="HostPermitsGranted"/> about the same hosts.
    /// </summary>
    /// <param name="Job">The job.</param>
    /// <param name="Owner">The node.</param>
    /// <param name="SentAt">The node's monotonic time, later than that of its report before. It comes back in <see cref="HostGrant.ReportedAt"/>.</param>
    /// <param name="Life">How long after <paramref name="SentAt"/> the node relies on permits. Then it cancels the requests under them.</param>
    /// <param name="Hosts">At most <see cref="MaxHosts"/>; the others go into another message.</param>
    public sealed record ReportHostUsage(JobId Job, NodeOwner Owner, TimeSpan SentAt, TimeSpan Life, IReadOnlyList<HostUsage> Hosts) : IWireMessage
    {
        /// <summary>Hosts of one message, also of one <see cref="HostPermitsGranted"/>.</summary>
        public const int MaxHosts = 100;

        /// <summary>How often a node reports everything.</summary>
        public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    }

    /// <summary>One host, as one node uses it. The node has never more requests there than <c>Granted - Returned</c>.</summary>
    /// <param name="Host"><c>name:port</c>.</param>
    /// <param name="Wanted">Links that wait for the host or are being fetched from it.</param>
    /// <param name="Granted">Permits that it got, in all. Only grows.</param>
    /// <param name="Returned">Permits that it gave back or that expired, in all. Only grows.</param>
    /// <param name="Generation">The host's generation that the node knows.</param>
    /// <param name="GoodAnswers">Good answers since the last report, to requests that started in <paramref name="Generation"/>.</param>
    /// <param name="Refusal">That the host refused requests (429, 503), until it is answered. Of several the hardest.</param>
    public sealed record HostUsage(
        string Host, int Wanted, long Granted, long Returned, int Generation, int GoodAnswers, HostRefusal? Refusal);

    /// <summary>A host refused a request.</summary>
    /// <param name="Outcome"><c>too_many_requests</c> or <c>server_error</c>.</param>
    /// <param name="Detail">The status; cut at <see cref="MaxDetailBytes"/> between nodes.</param>
    /// <param name="RetryAfter">What the host asked for.</param>
    /// <param name="Generation">The generation in which the request started.</param>
    public sealed record HostRefusal(string Outcome, string? Detail, TimeSpan? RetryAfter, int Generation)
    {
        /// <summary>Bytes of a detail between nodes.</summary>
        public const int MaxDetailBytes = 16;
    }

    /// <summary>How a node may use hosts from now on.</summary>
    /// <param name="Job">The job.</param>
    /// <param name="Hosts">At most <see cref="ReportHostUsage.MaxHosts"/>.</param>
    public sealed record HostPermitsGranted(JobId Job, IReadOnlyList<HostGrant> Hosts) : IWireMessage;

    /// <summary>How a node may use one host from now on.</summary>
    public sealed record HostGrant
    {
        /// <summary>Bytes of a refusal between nodes.</summary>
        public const int MaxRefusalBytes = 160;

        /// <summary><c>name:port</c>.</summary>
        public required string Host { get; init; }

        /// <summary>The time of the node's last report of the host: the permits' life counts from it.</summary>
        public required TimeSpan ReportedAt { get; init; }

        /// <summary>Permits that the node got, in all. Only grows.</summary>
        public required long Granted { get; init; }

        /// <summary>Permits that it gave back, in all, as far as the coordinator knows.</summary>
        public required long Returned { get; init; }

        /// <summary>How many permits the node may hold: it gives back what it has above that, when the requests under them have ended.</summary>
        public required int Share { get; init; }

        /// <summary>The host's generation: it grows with every halving.</summary>
        public int Generation { get; init; }

        /// <summary>No request starts for this long.</summary>
        public TimeSpan Pause { get; init; }

        /// <summary>Links end without a request, as <see cref="Refusal"/>, save for one if the node has a permit.</summary>
        public bool IsGivenUp { get; init; }

        /// <summary>What the host answered last; cut at <see cref="MaxRefusalBytes"/> between nodes.</summary>
        public string? Refusal { get; init; }

        /// <summary>What a node knows of a host before the first answer.</summary>
        public static HostGrant None(string host) => new() { Host = host, ReportedAt = TimeSpan.MinValue, Granted = 0, Returned = 0, Share = 0 };
    }
}
