using Akka.Actor;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.JobStorage;

/// <summary>What a coordinator has its store do.</summary>
internal enum JobStoreOperationKind
{
    Load,
    Append,
    Open,
    FixNetwork,
    ReadEpoch,
    ReadSlice,
    ReadRecord,
    RemoveScratch,
    Close,
}

/// <summary>An operation on the store: each is queued once at a time.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Job">The job; the default for the work on all of them.</param>
/// <param name="Number">The number of the job's entry that it is for: its result is not valid for a later one.</param>
/// <param name="Round">The round of a slice that is read.</param>
/// <param name="Item">The slice or the record that is read.</param>
internal readonly record struct JobStoreOperation(JobStoreOperationKind Kind, JobId Job = default, int Number = 0, int Round = 0, int Item = 0);

/// <summary>An operation ended.</summary>
/// <param name="Operation">Which.</param>
internal abstract record JobStoreResult(JobStoreOperation Operation) : INoSerializationVerificationNeeded;

/// <summary>The jobs were read.</summary>
/// <param name="Operation">Which operation ended.</param>
/// <param name="Jobs">The jobs, newest first.</param>
internal sealed record JobsLoaded(JobStoreOperation Operation, IReadOnlyList<StoredJob> Jobs) : JobStoreResult(Operation);

/// <summary>A job's next entry is durable.</summary>
internal sealed record EntryAppended(JobStoreOperation Operation, JobEntry Entry) : JobStoreResult(Operation);

/// <summary>A job's data set is open.</summary>
/// <param name="Operation">Which operation ended.</param>
/// <param name="Opened">The open job.</param>
/// <param name="Entry">Its newest entry: a request for another round is granted once, by a new entry without it.</param>
internal sealed record DataSetOpened(JobStoreOperation Operation, OpenedJob Opened, JobEntry Entry) : JobStoreResult(Operation);

/// <summary>What a job's records are made with is fixed.</summary>
internal sealed record NetworkFixed(JobStoreOperation Operation, NetworkParameters Network) : JobStoreResult(Operation);

/// <summary>The newest epoch of a job's data set was read.</summary>
/// <param name="Operation">Which operation ended.</param>
/// <param name="Newest">Whose it is; null: that is not known.</param>
internal sealed record EpochRead(JobStoreOperation Operation, DataOwner? Newest) : JobStoreResult(Operation);

/// <summary>A slice's manifest was looked for.</summary>
/// <param name="Operation">Which operation ended.</param>
/// <param name="Slice">The slice.</param>
/// <param name="Summary">What the manifest says; null: there is none.</param>
internal sealed record SliceRead(JobStoreOperation Operation, SliceId Slice, SliceSummary? Summary) : JobStoreResult(Operation);

/// <summary>A record's manifest was looked for.</summary>
/// <param name="Operation">Which operation ended.</param>
/// <param name="Record">The record.</param>
/// <param name="IsCommitted">Whether there is one.</param>
internal sealed record RecordRead(JobStoreOperation Operation, int Record, bool IsCommitted) : JobStoreResult(Operation);

/// <summary>The scratch spaces of owners that left are removed.</summary>
/// <param name="Operation">Which operation ended.</param>
/// <param name="Losses">How often each slice was lost with its process, by round and slice.</param>
internal sealed record ScratchRemoved(JobStoreOperation Operation, IReadOnlyDictionary<(int Round, int Slice), int> Losses) : JobStoreResult(Operation);

/// <summary>A job's rounds are closed, as far as they are done.</summary>
internal sealed record DataSetClosed(JobStoreOperation Operation) : JobStoreResult(Operation);

/// <summary>An operation cannot be done now, and is tried again: its result comes later.</summary>
internal sealed record JobStoreWaits(JobStoreOperation Operation, Exception Failure) : JobStoreResult(Operation);

/// <summary>An operation failed, or was cancelled.</summary>
internal sealed record JobStoreFailed(JobStoreOperation Operation, Exception Failure) : JobStoreResult(Operation);
