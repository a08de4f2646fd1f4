using Koalarization.Dataset.State;
using Koalarization.Harvest.Fetching;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Fetching;

/// <summary>Drivers by the rules of rounds. Rounds with the same rules share one, and its connections; all share the node's permits. Not thread-safe.</summary>
/// <param name="own">Tries links by the node's own options.</param>
/// <param name="throttle">Gives permits.</param>
/// <param name="retry">The node's own tries.</param>
internal sealed class RoundDrivers(ILinkFetcher own, FetchThrottle throttle, RetryOptions retry) : IDisposable
{
    private readonly Dictionary<FetchRules, (FetchDriver Driver, ILinkFetcher Fetcher)> _byRules = [];

    /// <summary>Takes the steps of links by the node's own options.</summary>
    public FetchDriver Own { get; } = new(own, throttle, retry);

    /// <summary>Takes the steps of links by some rules; null: by the node's own options.</summary>
    public FetchDriver Of(FetchRules? rules)
    {
        if (rules is null)
        {
            return Own;
        }

        if (!_byRules.TryGetValue(rules, out (FetchDriver Driver, ILinkFetcher Fetcher) known))
        {
            ILinkFetcher fetcher = own.With(rules.ApplyTo);
            known = (new FetchDriver(fetcher, throttle, rules.ApplyTo(retry)), fetcher);
            _byRules.Add(rules, known);
        }

        return known.Driver;
    }

    /// <summary>Ends the connections that are not the node's own.</summary>
    public void Dispose()
    {
        foreach (IDisposable fetcher in _byRules.Values.Select(known => known.Fetcher).Where(fetcher => fetcher != own).OfType<IDisposable>())
        {
            fetcher.Dispose();
        }
    }
}
