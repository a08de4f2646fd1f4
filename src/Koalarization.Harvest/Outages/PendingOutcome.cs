using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;

namespace Koalarization.Harvest.Outages;

/// <summary>A suspicious outcome that is not judged yet.</summary>
/// <param name="host">The link's host.</param>
internal sealed class PendingOutcome(LinkHost host)
{
    private readonly TaskCompletionSource<bool> _verdict = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LinkHost Host => host;

    /// <summary>True: the outcome stands; false: the network failed, and the try does not count.</summary>
    public Task<bool> Verdict => _verdict.Task;

    public void Settle(bool stands) => _verdict.TrySetResult(stands);

    /// <summary>No verdict will come: fetching has ended.</summary>
    public void Abandon() => _verdict.TrySetException(new ObjectDisposedException(nameof(FetchThrottle)));
}
