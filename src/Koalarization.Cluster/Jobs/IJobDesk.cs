using Koalarization.Dataset;

namespace Koalarization.Cluster;

/// <summary>
/// A coordinator's work on disk. Every member blocks, and is called away from actors' threads; every one may be repeated.
/// </summary>
internal interface IJobDesk
{
    /// <summary>The jobs that the store has, each by its newest file; newest job first.</summary>
    IReadOnlyList<JobEntry> Jobs();

    /// <summary>
    /// What the data set of a job has, when nothing is left to do of it and that can be told at once: another round was not asked for, and all rounds are closed.
    /// Null: it is to be opened.
    /// </summary>
    SetTotals? TotalsOfDone(JobEntry entry);

    /// <summary>Puts the next file of a job into the store: submitted, or cancelled. Durable when this returns.</summary>
    JobEntry Enter(JobId job, JobsProtocol.JobSpec spec, bool isCancelled);

    /// <summary>
    /// Opens a job's data set: fixes or compares its parameters, plans the first round or another one, publishes the next epoch, and reads what is left of each
    /// open round.
    /// </summary>
    /// <exception cref="JobRefusedException">The data set was begun with other parameters, the list cannot be read, the store is not fit.</exception>
    Task<OpenedJob> OpenAsync(JobId job, JobsProtocol.JobSpec spec, CancellationToken cancellation);

    /// <summary>Fixes what a job's records are made with, and gives what holds.</summary>
    /// <exception cref="JobRefusedException">Something else was fixed before than the job asked for.</exception>
    NetworkParameters FixNetwork(OpenedJob job, NetworkParameters network);

    /// <summary>The newest epoch of a data set; later than the job's own: somebody else has it now.</summary>
    long NewestEpoch(OpenedJob job);

    /// <summary>
    /// Removes the temporary spaces of all owners but these; what they were working on is counted as lost first. Gives the losses of each slice, by round and
    /// slice, of all time.
    /// </summary>
    IReadOnlyDictionary<(int Round, int Slice), int> RemoveOthers(OpenedJob job, IReadOnlySet<NodeOwner> present);

    /// <summary>The end of rounds that are done: temporary spaces, views, closing. Also for a job that ends before records: then views only.</summary>
    void Close(OpenedJob job, IReadOnlyList<RoundLedger> rounds, CancellationToken cancellation);
}

/// <summary>A job as the store knows it.</summary>
/// <param name="Job">The job.</param>
/// <param name="Number">N of the newest file.</param>
/// <param name="Spec">What was asked for.</param>
/// <param name="IsCancelled">Whether the last word was to stop it.</param>
internal sealed record JobEntry(JobId Job, int Number, JobsProtocol.JobSpec Spec, bool IsCancelled);
