using Koalarization.Harvest.Links;

namespace Koalarization.Harvest.Fetching;

/// <summary>A link with its final outcome.</summary>
/// <param name="Link">The link.</param>
/// <param name="Outcome">The last try's outcome.</param>
/// <param name="Tries">Tries that count. Those that the network failed do not; 0 when its host was given up before.</param>
public sealed record DownloadedLink(Link Link, FetchOutcome Outcome, int Tries) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Outcome.Dispose();
}
