using Koalarization.Cluster.Wire;
using Koalarization.Harvest.Outages;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Coordination;

/// <summary>
/// The messages to the coordinator, <c>/user/jobs</c>, about jobs and nodes: from clients, and by every node about itself.
/// Each command and query is answered by exactly one of the answers that it names.
/// </summary>
public static class JobsProtocol
{
    /// <summary>Where the coordinator is.</summary>
    public const string Name = "jobs";

    /// <summary>Where a job is.</summary>
    public enum JobPhase
    {
        /// <summary>Its list is read, or its manifests.</summary>
        Opening,

        /// <summary>It is worked on.</summary>
        Working,

        /// <summary>All is done that it asked for.</summary>
        Done,

        /// <summary>A user stopped it; the data set stays as it is, and submitting it again continues it.</summary>
        Cancelled,

        /// <summary>It cannot continue; <see cref="JobStatus.Note"/> says why.</summary>
        Failed,
    }

    /// <summary>Begin a job, or continue it. Submitting twice is one job. → <see cref="JobAccepted"/> or <see cref="JobRefused"/>.</summary>
    public sealed record SubmitJob(JobSpec Spec) : IWireMessage;

    /// <summary>The job is on disk, and continues whatever fails.</summary>
    /// <param name="Job">The job.</param>
    /// <param name="IsNew">False when it was there already.</param>
    public sealed record JobAccepted(JobId Job, bool IsNew) : IWireMessage;

    /// <summary>A job is not begun, cancelled or shown.</summary>
    /// <param name="Reason">Why, in one sentence; cut at <see cref="MaxReasonBytes"/> between nodes.</param>
    public sealed record JobRefused(string Reason) : IWireMessage
    {
        /// <summary>Bytes of a reason between nodes.</summary>
        public const int MaxReasonBytes = 2000;
    }

    /// <summary>Stop a job. → <see cref="JobAccepted"/> or <see cref="JobRefused"/>.</summary>
    public sealed record CancelJob(JobId Job) : IWireMessage;

    /// <summary>Try the links again that have no picture, of a job that is not in work. → <see cref="JobAccepted"/> or <see cref="JobRefused"/>.</summary>
    public sealed record RetryFailed(JobId Job) : IWireMessage;

    /// <summary>→ <see cref="JobList"/>.</summary>
    public sealed record GetJobs : IWireMessage;

    /// <summary>→ <see cref="JobStatus"/> or <see cref="JobRefused"/>.</summary>
    public sealed record GetJob(JobId Job) : IWireMessage;

    /// <summary>The jobs, newest first.</summary>
    /// <param name="Jobs">At most <see cref="MaxJobs"/>.</param>
    /// <param name="Further">Older ones that are not listed.</param>
    public sealed record JobList(IReadOnlyList<JobStatus> Jobs, int Further) : IWireMessage
    {
        /// <summary>Jobs of one answer.</summary>
        public const int MaxJobs = 60;
    }

    /// <summary>How far a job is. Its texts are for people: between nodes they are cut at <see cref="MaxTextBytes"/> each.</summary>
    public sealed record JobStatus : IWireMessage
    {
        /// <summary>Bytes of <see cref="Data"/>, <see cref="Source"/> and <see cref="Note"/>, each, between nodes.</summary>
        public const int MaxTextBytes = 380;

        /// <summary>Bytes of <see cref="BoundReason"/> between nodes.</summary>
        public const int MaxBoundBytes = 200;

        /// <summary>The job.</summary>
        public required JobId Job { get; init; }

        /// <summary>The data set's folder, relative to the store.</summary>
        public required string Data { get; init; }

        /// <summary>Where the links come from.</summary>
        public required string Source { get; init; }

        /// <summary>How far it goes. Absent in messages of 0.1.0.</summary>
        public JobEnd? Until { get; init; }

        /// <summary>Where it is.</summary>
        public required JobPhase Phase { get; init; }

        /// <summary>What a user should know, in one sentence; null: nothing.</summary>
        public string? Note { get; init; }

        /// <summary>The round in work, from 1; 0 before there is one.</summary>
        public int Round { get; init; }

        /// <summary>Links of the open rounds.</summary>
        public long Links { get; init; }

        /// <summary>Links of theirs that were fetched, those of slices in work included.</summary>
        public long Resolved { get; init; }

        /// <summary>Links of these with a picture that is resized.</summary>
        public long Survivors { get; init; }

        /// <summary>Links of these without a picture. Absent in messages of 0.1.0.</summary>
        public long Failed { get; init; }

        /// <summary>Links by outcome, of the slices that are resolved.</summary>
        public IReadOnlyDictionary<string, long> Outcomes { get; init; } = new Dictionary<string, long>();

        /// <summary>Slices in progress.</summary>
        public int SlicesInWork { get; init; }

        /// <summary>Records that are written, of the open rounds.</summary>
        public int RecordsWritten { get; init; }

        /// <summary>Records that could be written by now, the written ones included.</summary>
        public int RecordsReady { get; init; }

        /// <summary>Records in progress.</summary>
        public int RecordsInWork { get; init; }

        /// <summary>Pictures in records that are written, and embedded for those in work.</summary>
        public long Pictures { get; init; }

        /// <summary>Links fetched a second, over the last minute; null: unknown, or the job has ended.</summary>
        public double? LinksPerSecond { get; init; }

        /// <summary>Pictures a second that came into records, likewise.</summary>
        public double? PicturesPerSecond { get; init; }

        /// <summary>What would have to be more or faster for the job to be; null: unknown, or it has ended.</summary>
        public JobBound? BoundBy { get; init; }

        /// <summary>Why that, in one sentence; cut at <see cref="MaxBoundBytes"/> between nodes.</summary>
        public string? BoundReason { get; init; }

        /// <summary>Seconds until the job is done, as it goes now; null: not known well.</summary>
        public double? SecondsLeft { get; init; }
    }

    /// <summary>What a job is bound by.</summary>
    public enum JobBound
    {
        /// <summary>Nothing that could be more: its list is read, or its end is near.</summary>
        Nothing,

        /// <summary>The store cannot be used, or is busy all the time.</summary>
        Store,

        /// <summary>Embedders: none has the job's network, or all compute all the time.</summary>
        Embedders,

        /// <summary>Write nodes.</summary>
        WriteNodes,

        /// <summary>Hosts, which are asked no faster than they allow.</summary>
        Hosts,

        /// <summary>Fetch nodes.</summary>
        FetchNodes,

        /// <summary>The network between fetch nodes and hosts.</summary>
        Outage,
    }

    /// <summary>→ <see cref="NodeList"/>.</summary>
    public sealed record GetNodes : IWireMessage;

    /// <summary>The cluster's nodes.</summary>
    /// <param name="Nodes">At most <see cref="MaxNodes"/>, by address.</param>
    /// <param name="Further">Nodes that are not listed.</param>
    public sealed record NodeList(IReadOnlyList<NodeStatus> Nodes, int Further) : IWireMessage
    {
        /// <summary>Nodes of one answer.</summary>
        public const int MaxNodes = 150;
    }

    /// <summary>A node.</summary>
    /// <param name="Address"><c>host:port</c> of its remoting.</param>
    /// <param name="Roles">Its roles.</param>
    /// <param name="State">Its membership: <c>Up</c>, <c>Leaving</c>, <c>Unreachable</c>...</param>
    /// <param name="Owner">Its process; null before it has spoken.</param>
    /// <param name="Slices">Slices that it works on.</param>
    /// <param name="Records">Records that it works on.</param>
    /// <param name="Note">Why it gets no work, in one sentence; null when it does. Cut at <see cref="MaxNoteBytes"/> between nodes.</param>
    public sealed record NodeStatus(
        string Address, IReadOnlyList<string> Roles, string State, string? Owner, int Slices, int Records, string? Note)
    {
        /// <summary>Bytes of a note between nodes.</summary>
        public const int MaxNoteBytes = 120;

        /// <summary>Bytes of each short text of a node between nodes.</summary>
        public const int MaxShortBytes = 24;

        /// <summary>Its program's version; null: a node of version 0.1.0, or one that has not spoken.</summary>
        public string? Version { get; init; }

        /// <summary>Its device, role embed only: <c>cpu</c>, <c>cuda:0</c>, <c>simulated</c>.</summary>
        public string? Device { get; init; }

        /// <summary>Links that got an outcome a second, over the last minute; null: unknown, or no fetch node.</summary>
        public double? LinksPerSecond { get; init; }

        /// <summary>Pictures that its network embedded a second, over the last minute.</summary>
        public double? EmbeddedPerSecond { get; init; }

        /// <summary>Pictures that it wrote to records a second, over the last minute.</summary>
        public double? WrittenPerSecond { get; init; }

        /// <summary>The share of the last 15 seconds in which its devices computed, role embed only.</summary>
        public double? DeviceBusy { get; init; }

        /// <summary>How many things at once it waited for until the store had made them durable, on average over the last 15 seconds.</summary>
        public double? StoreBusy { get; init; }

        /// <summary>What of its network looks broken; null: nothing, or no fetch node.</summary>
        public NetworkFault? Outage { get; init; }

        /// <summary>The last fault that kept it from its work, in one sentence; null: none. Cut at <see cref="MaxNoteBytes"/> between nodes.</summary>
        public string? LastError { get; init; }

        /// <summary>How long ago that was, in seconds.</summary>
        public int? LastErrorAgeSeconds { get; init; }

        /// <summary><c>host:port</c> of a member's address.</summary>
        public static string HostAndPort(string address) => address[(address.LastIndexOf('@') + 1)..];
    }

    /// <summary>How much waits for embedders. → <see cref="EmbedDemand"/>.</summary>
    public sealed record GetEmbedDemand : IWireMessage;

    /// <summary>What waits for embedders, all jobs together: for what starts and ends embed nodes.</summary>
    /// <param name="Records">Records that could be written by now, and are not.</param>
    /// <param name="Pictures">Pictures of theirs without logits.</param>
    /// <param name="Embedders">Embed nodes that are up.</param>
    /// <param name="Opening">Jobs that are being opened: what of them waits is not known yet.</param>
    public sealed record EmbedDemand(int Records, long Pictures, int Embedders, int Opening) : IWireMessage
    {
        /// <summary>Pictures that are worth an embedder, unless configured otherwise: about a minute of two CPU cores.</summary>
        public const int DefaultPicturesPerEmbedder = 2000;

        /// <summary>
        /// Embedders that are of use now: none while no record waits, at least one while one does. While a job is being opened, none of those that are there is
        /// given up.
        /// </summary>
        /// <param name="picturesPerEmbedder">Pictures that are worth an embedder; positive.</param>
        public long Wanted(int picturesPerEmbedder)
        {
            long wanted = Records == 0 ? 0 : Math.Max(1, (Pictures + picturesPerEmbedder - 1) / picturesPerEmbedder);
            return Opening == 0 ? wanted : Math.Max(wanted, Embedders);
        }
    }

    /// <summary>Let a node finish and leave. → <see cref="DrainAccepted"/> or <see cref="JobRefused"/>.</summary>
    /// <param name="Address"><c>host:port</c>.</param>
    public sealed record DrainNode(string Address) : IWireMessage;

    /// <summary>The node was asked to leave.</summary>
    public sealed record DrainAccepted(string Address) : IWireMessage;

    /// <summary>To <c>/user/node</c> of a node: finish, and leave.</summary>
    public sealed record Leave : IWireMessage;

    /// <summary>
    /// A node introduces itself, by its <c>/user/node</c>, again and again until it is answered, after every change of what it can do, and whenever the
    /// coordinator may be another. → <see cref="NodeRegistered"/>.
    /// </summary>
    public sealed record RegisterNode : IWireMessage
    {
        /// <summary>The process.</summary>
        public required NodeOwner Owner { get; init; }

        /// <summary>The member's address, <c>akka.tcp://koala@host:port</c>, and its incarnation.</summary>
        public required string Address { get; init; }

        /// <summary>The member's incarnation (Akka's unique address).</summary>
        public required int Uid { get; init; }

        /// <summary>Its roles.</summary>
        public required IReadOnlyList<string> Roles { get; init; }

        /// <summary>What its JPEG library makes of a known set of pictures.</summary>
        public required string CodecFingerprint { get; init; }

        /// <summary>The networks that it has ready, role embed only.</summary>
        public IReadOnlyList<EmbedKey> Networks { get; init; } = [];

        /// <summary>What it knows and allows; a node of version 0.1.0 has none.</summary>
        public IReadOnlyList<string> Features { get; init; } = [];

        /// <summary>Its program's version; null: 0.1.0.</summary>
        public string? Version { get; init; }

        /// <summary>Its device, role embed only.</summary>
        public string? Device { get; init; }

        /// <summary>The mark of the store's folder that it works in (<see cref="Dataset.Storage.StoreMark"/>); null: it does not know.</summary>
        public string? Store { get; init; }

        /// <summary>What it did over the last minute, when it registered.</summary>
        public NodeRates Rates { get; init; }

        /// <summary>What of its network looks broken; null: nothing, or no fetch node.</summary>
        public NetworkFault? Outage { get; init; }
    }

    /// <summary>What a node does a second; null: it has not the role.</summary>
    /// <param name="Links">Links that got an outcome.</param>
    /// <param name="Embedded">Pictures that its network embedded.</param>
    /// <param name="Written">Pictures that it wrote to records.</param>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    public readonly record struct NodeRates(double? Links, double? Embedded, double? Written)
    {
        /// <summary>The share of time in which its devices computed.</summary>
        public double? DeviceBusy { get; init; }

        /// <summary>How many things at once it waited for until the store had made them durable.</summary>
        public double? StoreBusy { get; init; }
    }

    /// <summary>The coordinator knows the node.</summary>
    public sealed record NodeRegistered(NodeOwner Owner) : IWireMessage;
}

/// <summary>A network as embedders have it, and jobs ask for it: all that decides a logit beside the picture.</summary>
/// <param name="Weights">The weights' SHA-256, <c>random:SEED</c>, or <c>simulated</c>.</param>
/// <param name="Precision"><c>fp32</c>, or another with the device family: <c>bf16/cpu</c>.</param>
/// <param name="CodecFingerprint">What decodes the pictures.</param>
public sealed record EmbedKey(string Weights, string Precision, string CodecFingerprint)
{
    /// <summary>In a few characters, for people.</summary>
    public override string ToString() => $"{(Weights.Length > 16 ? Weights[..12] : Weights)}, {Precision}, codec {CodecFingerprint[..Math.Min(8, CodecFingerprint.Length)]}";
}
