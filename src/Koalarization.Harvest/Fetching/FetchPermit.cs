namespace Koalarization.Harvest.Fetching;

/// <summary>Permission for one request to a host.</summary>
/// <param name="Queue">The host.</param>
/// <param name="Generation">The host's generation when it was given.</param>
/// <param name="Sequence">The circuit's sequence number when it was given.</param>
/// <param name="Expiry">Cancels the request: it must end, and the try does not count.</param>
internal readonly record struct FetchPermit(HostQueue Queue, int Generation, long Sequence, CancellationToken Expiry);

/// <summary>The result of waiting for a permit: the permit, to be given back, or the outcome of a link whose host is given up.</summary>
internal readonly record struct PermitResult(FetchPermit Permit, FetchOutcome? Rejected);

/// <summary>A link's wait for a permit.</summary>
internal sealed class PermitRequest() : TaskCompletionSource<PermitResult>(TaskCreationOptions.RunContinuationsAsynchronously);
