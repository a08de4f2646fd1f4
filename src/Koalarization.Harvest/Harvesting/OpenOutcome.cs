namespace Koalarization.Harvest;

/// <summary>A suspicious outcome that waits for its judgement: true, it stands; false, the network failed and the try does not count.</summary>
/// <param name="host">The link's host.</param>
/// <param name="again">Whether a suspicious outcome of this link stood before.</param>
internal sealed class OpenOutcome(LinkHost host, bool again) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public LinkHost Host => host;

    public bool Again => again;

    /// <summary>Null for an outcome that is not suspicious.</summary>
    public static OpenOutcome? For(FetchOutcome outcome, LinkHost host, bool again) =>
        NetworkSigns.Of(outcome, host).IsSuspicious() ? new OpenOutcome(host, again) : null;
}
