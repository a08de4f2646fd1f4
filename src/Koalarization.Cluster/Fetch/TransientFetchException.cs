namespace Koalarization.Cluster;

/// <summary>A try came to an outcome that may be another the next time: its supervisor starts it anew after a pause.</summary>
internal sealed class TransientFetchException(TimeSpan pause, bool failedBefore) : Exception("The link is tried again.")
{
    /// <summary>How long to wait before.</summary>
    public TimeSpan Pause => pause;

    /// <summary>Whether an outcome of the link stood that might have been the network's fault.</summary>
    public bool FailedBefore => failedBefore;
}
