namespace Koalarization.Harvest.Hosts;

/// <summary>Where hosts' places come from: one source for all links of a job.</summary>
internal interface IHostLimitSource
{
    /// <summary>
    /// The places of a host that somebody waits for. Called under the gate's lock, and again for the same host only after the gate has forgotten it.
    /// </summary>
    IHostLimit Open(LinkHost host);
}
