using Koalarization.Cluster;
using Koalarization.Dataset;
using static Koalarization.Cluster.JobsProtocol;

namespace Koalarization.Koala.Run;

/// <summary>The disk of a run's coordinator: one job, whose data set the run has opened and locked.</summary>
/// <param name="opened">The job.</param>
/// <param name="store">The data set, with the run's own temporary space.</param>
/// <param name="network">What its records are made with; null: it makes none.</param>
internal sealed class RunDesk(OpenedJob opened, FileDataStore store, NetworkParameters? network) : IJobDesk
{
    public IReadOnlyList<JobEntry> Jobs() => [];

    public SetTotals? TotalsOfDone(JobEntry entry) => null;

    public JobEntry Enter(JobId job, JobSpec spec, bool isCancelled) => new(job, Number: 1, spec, isCancelled);

    public Task<OpenedJob> OpenAsync(JobId job, JobSpec spec, CancellationToken cancellation) => Task.FromResult(opened);

    // Where the weights were found is for a later run to know.
    public NetworkParameters FixNetwork(OpenedJob job, NetworkParameters asked) => network!.Fix(store);

    public long NewestEpoch(OpenedJob job) => opened.Epoch;

    // The others are gone: the run holds the lock, and has counted what they lost.
    public IReadOnlyDictionary<(int Round, int Slice), int> RemoveOthers(OpenedJob job, IReadOnlySet<NodeOwner> present) => opened.Losses;

    public void Close(OpenedJob job, IReadOnlyList<RoundLedger> rounds, CancellationToken cancellation) =>
        RoundEnd.Close(store, rounds, recordsAreDurable: network is not null, cancellation);
}
