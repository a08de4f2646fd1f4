using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Wire;
using Koalarization.Cluster.Writing;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.State;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Coordination;

/// <summary>A job as the coordinator knows it. Immutable.</summary>
/// <param name="Entry">Its newest entry in the store.</param>
/// <param name="Phase">Where it is.</param>
/// <param name="Opened">Its data set, while it is worked on.</param>
/// <param name="Ledger">What is left to do, while it is worked on.</param>
internal sealed record CoordinatedJob(JobEntry Entry, JobsProtocol.JobPhase Phase, OpenedJob? Opened = null, JobLedger? Ledger = null)
{
    public JobId Id => Entry.Job;

    /// <summary>How often in a row another coordinator may take its data set over before it is taken for one of another cluster.</summary>
    private const int MaxTakeovers = 12;

    // Takeovers further apart have nothing to do with each other.
    private static readonly TimeSpan TakeoversTogether = TimeSpan.FromMinutes(5);

    /// <summary>Why it failed; null: it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>Why it does not move, in one sentence: its store cannot be read or written; null: it moves.</summary>
    public string? Obstacle { get; init; }

    /// <summary>Why the operation that is queued on its data set is repeated; null: it is not.</summary>
    public string? StoreFault { get; init; }

    /// <summary>A later epoch than its own that was seen once; null: there was none.</summary>
    public long? LaterEpoch { get; init; }

    /// <summary>How often in a row another coordinator has taken its data set over, and when last.</summary>
    private (int Times, TimeSpan Last) Takeovers { get; init; }

    /// <summary>Its figures, once it is not worked on any more; null: there are none.</summary>
    public JobsProtocol.JobStatus? Final { get; init; }

    /// <summary>Slices are leased from this time on: before that, nodes report what they hold.</summary>
    public TimeSpan LeasesFrom { get; init; }

    /// <summary>Whether scratch spaces of owners that left are to be removed from its data set.</summary>
    public bool NeedsScratchRemoval { get; init; }

    /// <summary>Whether it is opened or worked on.</summary>
    public bool IsLive => Phase is JobsProtocol.JobPhase.Opening or JobsProtocol.JobPhase.Working;

    /// <summary>Whether it is worked on.</summary>
    public bool IsWorking => Phase == JobsProtocol.JobPhase.Working;

    /// <summary>The network that its records are made with; null while that is open.</summary>
    public EmbedKey? Key => Opened is { Network: NetworkParameters network }
        ? new EmbedKey(network.Weights, network.Precision, Opened.Parameters.CodecFingerprint)
        : null;

    /// <summary>Whether it goes as far as records.</summary>
    public bool MakesRecords => Entry.Spec.Until == JobEnd.Records;

    /// <summary>A job as the store has it when a coordinator starts.</summary>
    public static CoordinatedJob Load(StoredJob stored, TimeSpan leasesFrom) => new(
        stored.Entry,
        stored.Fault is not null ? JobsProtocol.JobPhase.Failed : stored.Entry.IsCancelled ? JobsProtocol.JobPhase.Cancelled : stored.Totals is null ? JobsProtocol.JobPhase.Opening : JobsProtocol.JobPhase.Done)
    {
        Final = stored.Totals is SetTotals totals ? JobStatusProjection.FiguresOf(stored.Entry, totals) : null,
        Failure = stored.Fault,
        LeasesFrom = leasesFrom,
    };

    /// <summary>Whether a node's JPEG library decodes as the job's first one.</summary>
    public bool Fits(JobsProtocol.RegisterNode node) => string.Equals(Opened?.Parameters.CodecFingerprint, node.CodecFingerprint, StringComparison.Ordinal);

    /// <summary>Whether a fetch node can work on its slices.</summary>
    public bool FitsFetchNode(JobsProtocol.RegisterNode node) => Fits(node) && MissingFeature(node) is null;

    /// <summary>The first feature that its open rounds need and a node has not; null: there is none.</summary>
    public string? MissingFeature(JobsProtocol.RegisterNode node) =>
        Ledger?.Rounds.Where(round => !round.IsResolved).SelectMany(round => NodeFeatures.NeededBy(RulesOf(round.Round))).FirstOrDefault(feature => !node.Features.Contains(feature));

    /// <summary>How long one try of its open rounds takes at most; null: as each node's own options have it.</summary>
    public TimeSpan? TryTimeout =>
        Ledger?.Rounds.Where(round => !round.IsResolved).Max(round => RulesOf(round.Round)?.TryTimeout());

    /// <summary>How a round is fetched: as it was begun, else as the job asks for; null: by each node's own options.</summary>
    private FetchRules? RulesOf(int round) =>
        Opened?.Rounds.FirstOrDefault(open => open.Ledger.Round == round)?.Fetch ?? Entry.Spec.Fetch?.Completed();

    /// <summary>The first of some networks that the job could be made with.</summary>
    public EmbedKey? Choose(IEnumerable<EmbedKey> networks) => networks.FirstOrDefault(key => Key is EmbedKey mine
        ? mine == key
        : string.Equals(key.CodecFingerprint, Opened?.Parameters.CodecFingerprint, StringComparison.Ordinal)
            && (Entry.Spec.Weights ?? key.Weights) == key.Weights && (Entry.Spec.Precision ?? key.Precision) == key.Precision);

    /// <summary>What the job's records would be made with, by the network of an embedder.</summary>
    public NetworkParameters NetworkOf(EmbedKey key) => new()
    {
        Checkpoint = key.Weights,
        Weights = key.Weights,
        Precision = key.Precision,
        Compatibility = Entry.Spec.Compatibility ?? "none",
        Compression = Entry.Spec.Compression ?? "none",
        PicturesPerRecord = Entry.Spec.PicturesPerRecord ?? NetworkParameters.DefaultPicturesPerRecord,
    };

    /// <summary>Its data set is open.</summary>
    public CoordinatedJob WithOpened(OpenedJob opened) => this with
    {
        Phase = JobsProtocol.JobPhase.Working,
        Opened = opened,
        Ledger = JobLedger.Begin(Id, opened.Rounds.Select(round => round.Ledger), MakesRecords, opened.Outcomes).WithLosses(opened.Losses),
        NeedsScratchRemoval = true,
        Failure = null,
        Obstacle = null,
        Final = null,
    };

    /// <summary>What its records are made with is fixed.</summary>
    public CoordinatedJob WithNetwork(NetworkParameters network) =>
        this with { Opened = Opened! with { Network = network }, Ledger = Ledger!.WithPicturesPerRecord(network.PicturesPerRecord) };

    /// <summary>It is not worked on any more: only its figures are kept.</summary>
    public CoordinatedJob Ended(JobsProtocol.JobPhase phase, string? failure = null) =>
        this with { Phase = phase, Failure = failure, StoreFault = null, Obstacle = null, Final = Opened is null ? Final : JobStatusProjection.FiguresOf(this with { Phase = phase }), Opened = null, Ledger = null };

    /// <summary>It cannot continue.</summary>
    public CoordinatedJob Failed(string reason) => Ended(JobsProtocol.JobPhase.Failed, reason);

    /// <summary>
    /// Another coordinator of a cluster has published a later epoch. It may be gone already, and this one the only one left; or this process was stopped, and will
    /// soon learn that it is not the coordinator any more. When the epoch is still the newest at the next look, the job is opened again.
    /// </summary>
    /// <param name="by">Whose the epoch is.</param>
    /// <param name="now">The time.</param>
    /// <param name="leasesFrom">From when slices are leased again.</param>
    public CoordinatedJob WithLaterEpoch(DataOwner by, TimeSpan now, TimeSpan leasesFrom)
    {
        if (LaterEpoch != by.Epoch)
        {
            return this with { LaterEpoch = by.Epoch };
        }

        int times = now - Takeovers.Last < TakeoversTogether ? Takeovers.Times + 1 : 1;
        return times > MaxTakeovers
            ? Failed($"the coordinator of another cluster works on its data set ({by.Owner}); stop one of the two clusters, then submit the job again")
            : this with
            {
                Phase = JobsProtocol.JobPhase.Opening,
                Opened = null,
                Ledger = null,
                LaterEpoch = null,
                LeasesFrom = leasesFrom,
                Takeovers = (times, now),
            };
    }

    /// <summary>The message that leases one of its slices to a node.</summary>
    public FetchProtocol.SliceLeased LeaseOf(SliceId slice) => new()
    {
        Slice = slice,
        Epoch = Opened!.Epoch,
        Data = Entry.Spec.Data,
        Until = Entry.Spec.Until,
        IsSandboxed = Ledger!.IsSandboxed(slice),
        Ended = Ledger.EndedOf(slice),
        Fetch = RulesOf(slice.Round),
    };

    /// <summary>The message that has a writer write one of its records.</summary>
    public WriteProtocol.WriteRecord WriteOf(RecordWork work) => new(
        new RecordId(Id, work.Record), Opened!.Epoch, Entry.Spec.Data, work.Round, work.FirstSlice, work.LastSlice, work.Offset, work.Count);
}
