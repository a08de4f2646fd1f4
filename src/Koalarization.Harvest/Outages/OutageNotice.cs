using Koalarization.Harvest.Hosts;

namespace Koalarization.Harvest.Outages;

/// <summary>What looks broken.</summary>
public enum NetworkFault
{
    /// <summary>Names cannot be looked up.</summary>
    Names,

    /// <summary>Nothing can be connected to.</summary>
    Connections,
}

/// <summary>Something about fetching as a whole that the user should know.</summary>
public abstract record OutageNotice;

/// <summary>The network looks broken: fetching waits until it is back.</summary>
/// <param name="Fault">What looks broken.</param>
/// <param name="Links">Links that failed so and are not judged.</param>
/// <param name="Probed">
/// How many hosts that should answer did not. 0: none has answered yet and the user named none, so the links may as well be dead.
/// </param>
public sealed record NetworkLost(NetworkFault Fault, int Links, int Probed) : OutageNotice;

/// <summary>The network is back: fetching continues.</summary>
/// <param name="Links">Links that are tried again; the failed try does not count.</param>
/// <param name="Waited">How long fetching waited.</param>
public sealed record NetworkBack(int Links, TimeSpan Waited) : OutageNotice;

/// <summary>Few hosts failed, and none answered while fetching waited: their links are taken for dead, and fetching continues.</summary>
/// <param name="Links">Links whose failure is final.</param>
/// <param name="Waited">How long fetching waited.</param>
public sealed record HostsConfirmedDead(int Links, TimeSpan Waited) : OutageNotice;

/// <summary>A host refuses everything: its links end without a request, but for one every <see cref="HostState.ProbeAfter"/>. Reported once per host.</summary>
/// <param name="Host">The host.</param>
/// <param name="Links">Links that waited for it and end so; later ones do, too.</param>
public sealed record HostGivenUp(LinkHost Host, int Links) : OutageNotice;

/// <summary>A host is rate-limiting.</summary>
/// <param name="Host">The host.</param>
/// <param name="Pause">For how long nothing is fetched from it.</param>
/// <param name="MaxInFlight">Requests that may be in flight to it afterwards; null: no limit.</param>
public sealed record HostPaused(LinkHost Host, TimeSpan Pause, int? MaxInFlight) : OutageNotice;

/// <summary>This machine cannot open more connections: links wait and are tried again, without a used try. Reported once a minute at most.</summary>
/// <param name="Limit">What there was none left of.</param>
public sealed record MachineLimitReached(string Limit) : OutageNotice;

/// <summary>The proxy does not work: links wait and are tried again, without a used try. Reported once a minute at most.</summary>
/// <param name="Fault">What it does.</param>
public sealed record ProxyFailed(string Fault) : OutageNotice;
