using Koalarization.Dataset;

namespace Koalarization.Cluster;

/// <summary>A job as the coordinator knows it. Immutable.</summary>
/// <param name="Entry">What the store has of it.</param>
/// <param name="Phase">Where it is.</param>
/// <param name="Opened">Its data set, once it is open.</param>
/// <param name="Ledger">What is left to do, once it is open.</param>
internal sealed record JobState(JobEntry Entry, JobsProtocol.JobPhase Phase, OpenedJob? Opened = null, JobLedger? Ledger = null)
{
    public JobId Id => Entry.Job;

    /// <summary>Why it cannot go on; null: it can.</summary>
    public string? Failure { get; init; }

    /// <summary>What its data set has, where it was done before this coordinator began.</summary>
    public SetTotals? Totals { get; init; }

    /// <summary>Slices are given from this time on: before that, nodes say what they hold.</summary>
    public TimeSpan LeasesFrom { get; init; }

    /// <summary>Whether it is worked on, or is about to be.</summary>
    public bool IsLive => Phase is JobsProtocol.JobPhase.Opening or JobsProtocol.JobPhase.Working;

    /// <summary>Whether it is worked on.</summary>
    public bool IsWorking => Phase == JobsProtocol.JobPhase.Working;

    /// <summary>The network that its records are made with; null while that is open.</summary>
    public EmbedKey? Key => Opened is { Network: NetworkParameters network }
        ? new EmbedKey(network.Weights, network.Precision, Opened.Parameters.CodecFingerprint)
        : null;

    /// <summary>Whether it goes as far as records.</summary>
    public bool MakesRecords => Entry.Spec.Until == JobsProtocol.JobEnd.Records;

    /// <summary>Whether a node's JPEG library gives what the job's first one gave.</summary>
    public bool Fits(JobsProtocol.NodeCard node) => string.Equals(Opened?.Parameters.CodecFingerprint, node.CodecFingerprint, StringComparison.Ordinal);

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
        PicturesPerRecord = Entry.Spec.PicturesPerRecord ?? NetworkParameters.UsualPicturesPerRecord,
    };

    /// <summary>Its data set is open.</summary>
    public JobState WithOpened(OpenedJob opened) => this with
    {
        Phase = JobsProtocol.JobPhase.Working,
        Opened = opened,
        Ledger = JobLedger.Begin(Id, opened.Rounds.Select(round => round.Ledger), MakesRecords, opened.Outcomes).WithLosses(opened.Losses),
        Failure = null,
        Totals = null,
    };

    /// <summary>What its records are made with is fixed.</summary>
    public JobState WithNetwork(NetworkParameters network) =>
        this with { Opened = Opened! with { Network = network }, Ledger = Ledger!.WithPicturesPerRecord(network.PicturesPerRecord) };

    /// <summary>It cannot go on.</summary>
    public JobState Failed(string sentence) => this with { Phase = JobsProtocol.JobPhase.Failed, Failure = sentence };

    /// <summary>The message that gives a node one of its slices.</summary>
    public FetchProtocol.SliceLeased LeaseOf(SliceId slice) => new()
    {
        Slice = slice,
        Epoch = Opened!.Epoch,
        Data = Entry.Spec.Data,
        Until = Entry.Spec.Until,
        IsCareful = Ledger!.IsCareful(slice),
        Ended = Ledger.EndedOf(slice),
    };

    /// <summary>The message that tells a writer to write one of its records.</summary>
    public WriteProtocol.WriteRecord WriteOf(RecordWork work) => new(
        new RecordId(Id, work.Record), Opened!.Epoch, Entry.Spec.Data, work.Round, work.FirstSlice, work.LastSlice, work.Offset, work.Count);
}
