namespace Koalarization.Harvest.Hosts;

/// <summary>Where hosts' limits come from: one source for all links of a job.</summary>
internal interface IHostLimitSource
{
    /// <summary>
    /// The limit of a host that some link waits for. Called under the throttle's lock, and again for the same host only after the throttle has forgotten it.
    /// </summary>
    IHostLimit Open(LinkHost host);
}
