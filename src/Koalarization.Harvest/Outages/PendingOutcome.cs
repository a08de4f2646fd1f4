using Koalarization.Harvest.Hosts;

namespace Koalarization.Harvest.Outages;

/// <summary>A suspicious outcome that is not judged yet. Its task's result: true: it is final; false: the network failed, and the try does not count.</summary>
/// <param name="signal">What it says of the network.</param>
/// <param name="host">The link's host.</param>
/// <param name="sequence">The circuit's sequence number before it was recorded.</param>
/// <param name="lookupsBegun">Look-ups that had begun by then.</param>
internal sealed class PendingOutcome(NetworkSignal signal, LinkHost host, long sequence, long lookupsBegun)
    : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public NetworkSignal Signal => signal;

    public LinkHost Host => host;

    /// <summary>
    /// Whether an answer confirms it. One to a request that was made earlier does not: transfers continue for a while after a network has died. An outcome about
    /// a name is confirmed by a look-up that began later: hosts whose address is cached answer while no name can be looked up.
    /// </summary>
    /// <param name="madeAt">The sequence number at which the request was made.</param>
    /// <param name="newestGoodLookup">The latest look-up that found an address.</param>
    public bool IsSettledBy(long madeAt, long newestGoodLookup) => signal.IsAboutNames() ? lookupsBegun < newestGoodLookup : sequence < madeAt;
}
