namespace Koalarization.Harvest;

/// <summary>What became of a link for good.</summary>
/// <param name="Link">The link.</param>
/// <param name="Outcome">The last try's outcome.</param>
/// <param name="Tries">Tries that count. Those that the network failed, not the link, do not; 0 when its host was given up before.</param>
public sealed record HarvestedLink(Link Link, FetchOutcome Outcome, int Tries) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Outcome.Dispose();
}
