using Koalarization.Harvest.Fetching;

namespace Koalarization.Cluster.Fetching;

/// <summary>A try failed and another may succeed: its supervisor starts the fetch again after a pause.</summary>
/// <param name="fetch">The link; its next step is the pause.</param>
internal sealed class TransientFetchException(LinkFetch fetch) : Exception("The link is tried again.")
{
    public LinkFetch Fetch => fetch;
}
