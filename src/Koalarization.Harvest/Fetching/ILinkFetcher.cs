using System.Runtime.InteropServices;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Links;

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

    /// <summary>Tries a link once.</summary>
    /// <param name="link">The link.</param>
    /// <param name="isLastTry">
    /// Whether no further try follows: then a whole picture is kept whose answer broke off, which before may come whole by another try.
    /// </param>
    /// <param name="cancellationToken">Gives the try up.</param>
    Task<FetchOutcome> FetchAsync(Link link, bool isLastTry, CancellationToken cancellationToken) => FetchAsync(link, cancellationToken);

    /// <summary>Tries links by other limits; the memory for bodies and what is known of names stay shared. The caller disposes it, and not this one before it.</summary>
    /// <param name="change">Gives the limits, from its own.</param>
    ILinkFetcher With(Func<FetchOptions, FetchOptions> change) => this;

    /// <summary>Tries whether a host can be reached now, whatever is remembered of it.</summary>
    Task<ProbeAnswer> ProbeAsync(LinkHost host, CancellationToken cancellationToken);

    /// <summary>Forgets which hosts do not exist, as far as that was learned within this time.</summary>
    void ForgetMissingHosts(TimeSpan learnedWithin);
}

/// <summary>The result of a probe, from worst to best. A denial (no such name, connection refused) comes from a machine that is there.</summary>
internal enum ProbeAnswer
{
    Silent,
    Denied,
    Connected,
}

/// <summary>Look-ups of names so far, those not counted whose answer was remembered. They are numbered in the order in which they began.</summary>
/// <param name="Begun">How many began.</param>
/// <param name="NewestGood">The latest one that found an address; 0: none did.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LookupCounts(long Begun, long NewestGood);
