using Koalarization.Cluster.Fetching;
using Koalarization.Dataset.Records;

namespace Koalarization.Cluster.Writing;

/// <summary>What a failure to write a record means.</summary>
internal static class RecordFaults
{
    /// <summary>Whether no other node can write it either.</summary>
    public static bool IsFinal(Exception fault) => fault is RecordConflictException;

    /// <summary>It in one sentence.</summary>
    public static string Sentence(Exception fault) => fault is RecordUnreadableException or RecordUnfitException or RecordConflictException ? fault.Message : StoreFault.Sentence(fault);

    /// <summary>Whether it is none of the failures that disks and networks have.</summary>
    public static bool IsUnknown(Exception fault) =>
        fault is not (RecordUnreadableException or RecordUnfitException or IOException or UnauthorizedAccessException or InvalidDataException);
}
