using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Proxies;

namespace Koalarization.Harvest.Outages;

/// <summary>What an outcome says of the network as a whole.</summary>
internal enum NetworkSignal
{
    /// <summary>Nothing: no request was made, or an established connection went silent.</summary>
    None,

    /// <summary>A server answered, with whatever status.</summary>
    Answer,

    NameDenied,
    NameSilent,
    ConnectionDenied,
    ConnectionSilent,
}

/// <summary>Reads outcomes as signals.</summary>
internal static class NetworkSignals
{
    public static NetworkSignal Of(FetchOutcome outcome) => outcome.Kind switch
    {
        FetchOutcomeKind.BadUrl or FetchOutcomeKind.AddressRefused => NetworkSignal.None,
        FetchOutcomeKind.Dns => outcome.IsTransient ? NetworkSignal.NameSilent : NetworkSignal.NameDenied,
        FetchOutcomeKind.Connection => IsSilent(outcome.Detail) ? NetworkSignal.ConnectionSilent : NetworkSignal.ConnectionDenied,

        // On a connection that was kept open, a dead network shows as silence after the request.
        FetchOutcomeKind.Timeout => outcome.Detail == "connect" ? NetworkSignal.ConnectionSilent : NetworkSignal.None,
        _ => NetworkSignal.Answer,
    };

    /// <summary>Loopback hosts say nothing: no network leads to them.</summary>
    public static NetworkSignal Of(FetchOutcome outcome, LinkHost host) => host.IsLoopback ? NetworkSignal.None : Of(outcome);

    public static bool IsAboutNames(this NetworkSignal signal) => signal is NetworkSignal.NameDenied or NetworkSignal.NameSilent;

    public static bool IsSuspicious(this NetworkSignal signal) => signal >= NetworkSignal.NameDenied;

    /// <summary>Whether a suspicious signal came from another machine, so that not everything can be broken.</summary>
    public static bool IsDenial(this NetworkSignal signal) => signal is NetworkSignal.NameDenied or NetworkSignal.ConnectionDenied;

    private static bool IsSilent(string? detail) =>
        detail is not ("refused" or "reset" or "ended early" or "broke off" or "handshake broke off" or "HTTP/2 stream reset" or "408")
        && detail?.StartsWith(ProxyDenialException.Refuses, StringComparison.Ordinal) != true;
}
