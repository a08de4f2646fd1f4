using Koalarization.Cluster.Wire;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Fetching;

/// <summary>The log of a fetch node: slices and unexpected failures, but no links.</summary>
internal static partial class FetchLog
{
    [LoggerMessage(1, LogLevel.Information, "Slice {Slice} resolved: {Survivors} of {Links} links have a picture.")]
    public static partial void SliceResolved(ILogger logger, SliceId slice, int survivors, int links);

    [LoggerMessage(2, LogLevel.Information, "Slice {Slice} handed back: {Ended} links done.")]
    public static partial void SliceHandedBack(ILogger logger, SliceId slice, int ended);

    [LoggerMessage(3, LogLevel.Warning, "Slice {Slice} handed back: {Fault}")]
    public static partial void SliceFailed(ILogger logger, SliceId slice, string fault);

    [LoggerMessage(4, LogLevel.Warning, "Rejected a stale lease for {Slice} (epoch {Epoch} of {Data}).")]
    public static partial void OldEpoch(ILogger logger, SliceId slice, long epoch, string data);

    [LoggerMessage(5, LogLevel.Warning, "Fetch of {Url} crashed ({Crashes}).")]
    public static partial void FetchCrashed(ILogger logger, string? url, int crashes, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "Resizer crashed on a picture ({Crashes}).")]
    public static partial void ResizerCrashed(ILogger logger, int crashes, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "Link {Name} failed ({Failures}).")]
    public static partial void LinkFailed(ILogger logger, string name, int failures, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A lease of slice {Slice} is ignored: epoch {Epoch} of {Data} is not in the store")]
    public static partial void UnknownEpoch(ILogger log, SliceId slice, long epoch, string data);
}
