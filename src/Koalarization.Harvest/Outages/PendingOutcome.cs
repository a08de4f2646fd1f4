using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;

namespace Koalarization.Harvest.Outages;

/// <summary>A suspicious outcome that is not judged yet.</summary>
/// <param name="host">The link's host.</param>
internal sealed class PendingOutcome(LinkHost host)
{
    private readonly TaskCompletionSource<bool> _decision = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LinkHost Host => host;

    /// <summary>True: the outcome is final; false: the network failed, and the try does not count.</summary>
    public Task<bool> Decision => _decision.Task;

    public void Settle(bool isFinal) => _decision.TrySetResult(isFinal);

    /// <summary>No verdict will come: fetching has ended.</summary>
    public void Abandon() => _decision.TrySetException(new ObjectDisposedException(nameof(FetchThrottle)));
}
