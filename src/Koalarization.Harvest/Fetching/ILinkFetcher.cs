using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Links;
using Koalarization.Harvest.Outages;

namespace Koalarization.Harvest.Fetching;

/// <summary>Tries links and probes hosts, as <see cref="LinkDownloader"/> needs it.</summary>
internal interface ILinkFetcher
{
    /// <summary>The clock by which it measures.</summary>
    TimeProvider Clock { get; }

    /// <summary>Look-ups of names so far.</summary>
    LookupCounts Lookups { get; }

    /// <summary>Tries a link once.</summary>
    Task<FetchOutcome> FetchAsync(Link link, CancellationToken cancellationToken);

    /// <summary>Tries whether a host can be reached now, whatever is remembered of it.</summary>
    Task<ProbeAnswer> ProbeAsync(LinkHost host, CancellationToken cancellationToken);

    /// <summary>Forgets which hosts do not exist, as far as that was learned within this time.</summary>
    void ForgetMissingHosts(TimeSpan learnedWithin);
}
