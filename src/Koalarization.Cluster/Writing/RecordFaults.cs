using Koalarization.Cluster.Fetching;
using Koalarization.Dataset.Records;

namespace Koalarization.Cluster.Writing;

/// <summary>What a failure to write a record means.</summary>
internal static class RecordFaults
{
    /// <summary>Whether no other node can write it either.</summary>
    public static bool IsFinal(Exception fault) => fault is RecordConflictException;

    /// <summary>Whether it is the store's and may pass: no disk space, a mount that does not answer.</summary>
    public static bool IsStores(Exception fault) => fault switch
    {
        RecordConflictException => false,
        RecordUnreadableException { InnerException: Exception cause } => IsStores(cause),
        FileNotFoundException or DirectoryNotFoundException => false,
        _ => fault is IOException or UnauthorizedAccessException,
    };

    /// <summary>It in one sentence.</summary>
    /// <param name="fault">What happened.</param>
    /// <param name="continues">Whether the work continues by itself once the fault is mended.</param>
    public static string Sentence(Exception fault, bool continues) =>
        fault is RecordUnreadableException or RecordUnfitException or RecordConflictException ? fault.Message : StoreFault.Sentence(fault, continues);

    /// <summary>Whether it is none of the failures that disks and networks have.</summary>
    public static bool IsUnknown(Exception fault) =>
        fault is not (RecordUnreadableException or RecordUnfitException or IOException or UnauthorizedAccessException or InvalidDataException);
}
