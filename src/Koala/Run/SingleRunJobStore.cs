using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Run;

/// <summary>The store of a run's coordinator: one job, whose data set the run has opened and locked.</summary>
/// <param name="opened">The job.</param>
/// <param name="store">The data set, with the run's own scratch space.</param>
/// <param name="network">What its records are made with; null: it makes none.</param>
internal sealed class SingleRunJobStore(OpenedJob opened, FileDataStore store, NetworkParameters? network) : IJobStore
{
    public IReadOnlyList<StoredJob> Load() => [];

    public JobEntry Append(JobId job, JobSpec spec, bool isCancelled) => new(job, Number: 1, spec, isCancelled);

    public Task<OpenedJob> OpenAsync(JobId job, JobSpec spec, CancellationToken cancellation) => Task.FromResult(opened);

    // The run's own parameters say where the weights were found, for later runs; the embedder's do not.
    public NetworkParameters FixNetwork(OpenedJob job, NetworkParameters asked) => network!.Fix(store);

    public long NewestEpoch(OpenedJob job) => opened.Epoch;

    // The run holds the lock and has removed them, and counted what they lost.
    public IReadOnlyDictionary<(int Round, int Slice), int> RemoveScratchOfOthers(OpenedJob job, IReadOnlySet<NodeOwner> present) => opened.Losses;

    public void Close(OpenedJob job, IReadOnlyList<RoundLedger> rounds, CancellationToken cancellation) =>
        RoundEnd.Close(store, rounds, recordsAreDurable: network is not null, cancellation);
}
