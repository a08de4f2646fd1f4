namespace Koalarization.Harvest;

/// <summary>What an outcome tells of the network as a whole.</summary>
public enum NetworkSign
{
    /// <summary>Nothing: no request was made, or a connection that stood before went silent.</summary>
    Nothing,

    /// <summary>A server answered, whatever it said.</summary>
    Answer,

    /// <summary>A resolver said that there is no such name.</summary>
    NameDenied,

    /// <summary>No resolver said anything of use.</summary>
    NameSilent,

    /// <summary>Somebody refused the connection or broke it off.</summary>
    ConnectionDenied,

    /// <summary>Nobody answered, or there is no way there.</summary>
    ConnectionSilent,
}

/// <summary>Reads outcomes as signs.</summary>
public static class NetworkSigns
{
    /// <summary>What an outcome tells.</summary>
    public static NetworkSign Of(FetchOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return outcome.Kind switch
        {
            FetchOutcomeKind.BadUrl or FetchOutcomeKind.AddressRefused => NetworkSign.Nothing,
            FetchOutcomeKind.Dns => outcome.IsTransient ? NetworkSign.NameSilent : NetworkSign.NameDenied,
            FetchOutcomeKind.Connection => IsSilent(outcome.Detail) ? NetworkSign.ConnectionSilent : NetworkSign.ConnectionDenied,

            // On a connection that was kept open, a dead network shows as silence after the request.
            FetchOutcomeKind.Timeout => outcome.Detail == "connect" ? NetworkSign.ConnectionSilent : NetworkSign.Nothing,
            _ => NetworkSign.Answer,
        };
    }

    /// <summary>What an outcome of a link of this host tells. This machine's own servers tell nothing: no network leads to them.</summary>
    public static NetworkSign Of(FetchOutcome outcome, LinkHost host) => host.IsLoopback ? NetworkSign.Nothing : Of(outcome);

    /// <summary>Whether a sign is about looking a name up.</summary>
    public static bool IsOfNames(this NetworkSign sign) => sign is NetworkSign.NameDenied or NetworkSign.NameSilent;

    /// <summary>Whether a sign may come from the network's own failure.</summary>
    public static bool IsSuspicious(this NetworkSign sign) => sign >= NetworkSign.NameDenied;

    /// <summary>Whether a suspicious sign came from somebody, so that not everything can be broken.</summary>
    public static bool IsDenial(this NetworkSign sign) => sign is NetworkSign.NameDenied or NetworkSign.ConnectionDenied;

    private static bool IsSilent(string? detail) =>
        detail is not ("refused" or "reset" or "ended early" or "broke off" or "handshake broke off" or "HTTP/2 stream reset" or "408");
}
