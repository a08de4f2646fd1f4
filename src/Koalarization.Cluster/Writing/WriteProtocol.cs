using Koalarization.Cluster.Wire;

namespace Koalarization.Cluster.Writing;

/// <summary>
/// Between the coordinator and the sharded writers of records, one entity for each. Commands go to the shard region and may come any number of times; answers go to the
/// coordinator.
/// </summary>
public static class WriteProtocol
{
    /// <summary>What the shard regions' type names begin with.</summary>
    public const string RegionName = "records";

    /// <summary>A message to one record's writer.</summary>
    public interface IRecordMessage : IWireMessage
    {
        /// <summary>Which record.</summary>
        RecordId Record { get; }
    }

    /// <summary>Write a record; repeated every <see cref="Every"/> while it is open. → <see cref="RecordProgress"/> and at last one of the others.</summary>
    /// <param name="Record">Which.</param>
    /// <param name="Epoch">The job's epoch.</param>
    /// <param name="Data">The data set's folder, relative to the store. Everything else is in its files.</param>
    /// <param name="Round">The round whose survivors it holds.</param>
    /// <param name="FirstSlice">The slice that holds the first of them.</param>
    /// <param name="LastSlice">The slice that holds the last of them.</param>
    /// <param name="Offset">Survivors of the first slice that belong to earlier records.</param>
    /// <param name="Count">Pictures.</param>
    public sealed record WriteRecord(
        RecordId Record, long Epoch, string Data, int Round, int FirstSlice, int LastSlice, int Offset, int Count) : IRecordMessage
    {
        /// <summary>How often the coordinator repeats itself.</summary>
        public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    }

    /// <summary>Stop writing a record: its job ended.</summary>
    public sealed record AbandonRecord(RecordId Record) : IRecordMessage;

    /// <summary>How far a writer is.</summary>
    /// <param name="Record">Which record.</param>
    /// <param name="Owner">Who writes it.</param>
    /// <param name="Embedded">Pictures that have their logits.</param>
    /// <param name="Count">Pictures.</param>
    public sealed record RecordProgress(RecordId Record, NodeOwner Owner, int Embedded, int Count) : IWireMessage;

    /// <summary>A record is committed, by this writer or another.</summary>
    /// <param name="Record">Which.</param>
    /// <param name="Owner">The sender.</param>
    /// <param name="Pictures">Pictures in it.</param>
    /// <param name="LeftOut">Pictures that are not.</param>
    /// <param name="Bytes">Its size.</param>
    /// <param name="Sha256">Its hash.</param>
    public sealed record RecordCommitted(RecordId Record, NodeOwner Owner, int Pictures, int LeftOut, long Bytes, string Sha256) : IWireMessage;

    /// <summary>A record cannot be written here and now.</summary>
    /// <param name="Record">Which.</param>
    /// <param name="Owner">Who tried.</param>
    /// <param name="Reason">Why, in one sentence; cut at <see cref="MaxReasonBytes"/> between nodes.</param>
    /// <param name="IsFinal">
    /// Whether no other writer can either (a foreign file has its name); else another writer tries.
    /// </param>
    public sealed record RecordFailed(RecordId Record, NodeOwner Owner, string Reason, bool IsFinal) : IWireMessage
    {
        /// <summary>Bytes of a reason between nodes.</summary>
        public const int MaxReasonBytes = 1000;

        /// <summary>Whether the reason is the store's and may pass: the record is tried until it can be written. Absent in messages of 0.1.0.</summary>
        public bool IsStoreFault { get; init; }
    }
}
