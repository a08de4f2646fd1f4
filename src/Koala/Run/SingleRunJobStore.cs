using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Run;

/// <summary>The job store of a run: one job, whose data set the run has opened and locked.</summary>
/// <param name="opened">The job.</param>
/// <param name="store">The data set, with the run's scratch folder.</param>
/// <param name="network">The parameters of its records; null when it makes none.</param>
internal sealed class SingleRunJobStore(OpenedJob opened, FileDataStore store, NetworkParameters? network) : IJobStore
{
    public IReadOnlyList<StoredJob> Load() => [];

    public JobEntry Append(JobId job, JobSpec spec, bool isCancelled) => new(job, Number: 1, spec, isCancelled);

    public Task<OpenedJob> OpenAsync(JobId job, JobSpec spec, CancellationToken cancellation) => Task.FromResult(opened);

    // The run's parameters include where the weights were found, for later runs; the embedder's do not.
    public NetworkParameters FixNetwork(OpenedJob job, NetworkParameters asked) => network!.Fix(store);

    // The run has the lock.
    public DataOwner? NewestOwner(OpenedJob job) => null;

    public SliceSummary? FindSlice(OpenedJob job, SliceId slice) =>
        SliceManifest.FindSummary(store, slice.Round, slice.Slice, orFetched: job.Spec.Until == JobEnd.Download);

    public bool IsCommitted(OpenedJob job, int record) => RecordManifest.Find(store, record) is not null;

    // The run has the lock, has removed them, and has counted their losses.
    public IReadOnlyDictionary<(int Round, int Slice), int> RemoveScratchOfOthers(OpenedJob job, IReadOnlySet<NodeOwner> present) => opened.Losses;

    public void Close(OpenedJob job, IReadOnlyList<RoundLedger> rounds, CancellationToken cancellation) =>
        RoundEnd.Close(store, rounds, recordsAreDurable: network is not null, cancellation);
}
