using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Outages;

namespace Koalarization.Harvest.Fetching;

/// <summary>How many links are fetched at once, how gently, and how patiently. (The memory for bodies is bounded by <see cref="FetchOptions"/>.)</summary>
public sealed record DownloadOptions
{
    /// <summary>Links being fetched at once. Links that wait for anything are not counted.</summary>
    public int Parallel { get; init; } = 256;

    /// <summary>Requests in flight to one host at once, to begin with (<see cref="HostState"/>). This machine's own servers have no limit.</summary>
    public int HostLimit { get; init; } = 32;

    /// <summary>How long one try takes at most (<see cref="FetchOptions.TotalTimeout"/>).</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often and when a transient outcome is tried again.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>A host that answers whenever the network does; null: those that answered earlier show it (<see cref="CircuitState"/>).</summary>
    public LinkHost? Probe { get; init; }
}
