namespace Koalarization.Harvest;

/// <summary>A suspicious outcome that waits for its judgement: true, it stands; false, the network failed and the try does not count.</summary>
internal sealed class OpenOutcome(LinkHost host) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public LinkHost Host => host;

    /// <summary>Null for an outcome that is not suspicious.</summary>
    public static OpenOutcome? For(FetchOutcome outcome, LinkHost host) => NetworkSigns.Of(outcome).IsSuspicious() ? new OpenOutcome(host) : null;
}
