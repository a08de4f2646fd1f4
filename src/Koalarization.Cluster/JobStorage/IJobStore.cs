using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.JobStorage;

/// <summary>The jobs and data sets on disk, for the coordinator. Every member blocks and may be repeated; none is called on an actor's thread.</summary>
internal interface IJobStore
{
    /// <summary>
    /// The jobs of the store, each by its newest entry, the newest job first. With the totals of its data set, where nothing is left to do and that can be seen at
    /// once: it asks for no other round, and all rounds are closed.
    /// </summary>
    IReadOnlyList<StoredJob> Load();

    /// <summary>Appends a job's next entry: submitted, or cancelled. Durable when this returns.</summary>
    JobEntry Append(JobId job, JobSpec spec, bool isCancelled);

    /// <summary>
    /// Opens a job's data set: fixes or compares its parameters, plans the first round or another one, publishes the next epoch, and reads what is left of each
    /// open round.
    /// </summary>
    /// <exception cref="JobRefusedException">The data set was begun with other parameters, the list cannot be read, the store is not fit.</exception>
    Task<OpenedJob> OpenAsync(JobId job, JobSpec spec, CancellationToken cancellation);

    /// <summary>Fixes what a job's records are made with, unless it is fixed already, and gives what is fixed.</summary>
    /// <exception cref="JobRefusedException">The job asked for something else.</exception>
    NetworkParameters FixNetwork(OpenedJob job, NetworkParameters network);

    /// <summary>
    /// Who has a data set in work now, by the newest epoch; null: that is not known. A later epoch than the job's own: another process has taken it over.
    /// </summary>
    DataOwner? NewestOwner(OpenedJob job);

    /// <summary>What a slice's manifest says; null: it has none.</summary>
    SliceSummary? FindSlice(OpenedJob job, SliceId slice);

    /// <summary>Whether a record has its manifest.</summary>
    bool IsCommitted(OpenedJob job, int record);

    /// <summary>
    /// Removes the scratch spaces of all other owners; the slices that they were working on are counted as lost first. Gives the losses of each slice, by round and
    /// slice, of all time.
    /// </summary>
    IReadOnlyDictionary<(int Round, int Slice), int> RemoveScratchOfOthers(OpenedJob job, IReadOnlySet<NodeOwner> present);

    /// <summary>Closes the rounds that are done, with their scratch spaces and projections; of a job that ends before records, its projections only.</summary>
    void Close(OpenedJob job, IReadOnlyList<RoundLedger> rounds, CancellationToken cancellation);
}

/// <summary>An entry of a job in the store.</summary>
/// <param name="Job">The job.</param>
/// <param name="Number">Its number, from 1; the highest counts.</param>
/// <param name="Spec">What is asked for.</param>
/// <param name="IsCancelled">Whether it cancels the job.</param>
internal sealed record JobEntry(JobId Job, int Number, JobSpec Spec, bool IsCancelled);

/// <summary>A job as the store has it.</summary>
/// <param name="Entry">Its newest entry.</param>
/// <param name="Totals">What its data set has; null: it is not known to be done.</param>
internal sealed record StoredJob(JobEntry Entry, SetTotals? Totals)
{
    /// <summary>Why it cannot be read, in one sentence; null: it can.</summary>
    public string? Fault { get; init; }
}
