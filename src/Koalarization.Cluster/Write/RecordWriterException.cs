namespace Koalarization.Cluster;

/// <summary>A writer failed in a way that nobody foresaw: its supervisor starts it again, a few times, with the same record.</summary>
internal sealed class RecordWriterException(RecordId record, Exception fault) : Exception($"Writing record {record} failed: {fault.Message}", fault);
