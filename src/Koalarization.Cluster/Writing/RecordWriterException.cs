using Koalarization.Cluster.Wire;

namespace Koalarization.Cluster.Writing;

/// <summary>A failure of a kind that is not expected: the supervisor restarts the writer, a few times, with the same record.</summary>
internal sealed class RecordWriterException(RecordId record, Exception fault) : Exception($"Writing record {record} failed: {fault.Message}", fault);
