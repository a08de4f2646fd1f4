using System.Net.Sockets;
using System.Security.Authentication;
using Koalarization.Harvest.Addresses;
using Koalarization.Harvest.Proxies;

namespace Koalarization.Harvest.Fetching;

/// <summary>What an exception of the HTTP stack makes of a fetch. Rows from the most to the least particular.</summary>
internal static class FailureTable
{
    /// <summary>The outcome of an exception that is neither the caller's cancellation nor one of the fetch's own deadlines.</summary>
    public static FetchOutcome OutcomeOf(Exception exception)
    {
        foreach (Exception e in Chain(exception))
        {
            if (OutcomeOfOne(e) is { } outcome)
            {
                return outcome;
            }
        }

        return (exception as HttpRequestException)?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => new(FetchOutcomeKind.Dns, "unknown", IsTransient: true),
            HttpRequestError.SecureConnectionError => new(FetchOutcomeKind.Connection, "handshake broke off", IsTransient: true),
            HttpRequestError.ConnectionError => new(FetchOutcomeKind.Connection, "refused", IsTransient: true),
            _ when exception is IOException or HttpRequestException => new(FetchOutcomeKind.Connection, "broke off", IsTransient: true),
            _ => new(FetchOutcomeKind.HttpError, exception.GetType().Name),
        };
    }

    /// <summary>Whether a connection that was used before had ended before the answer began.</summary>
    public static bool IsStaleConnection(Exception exception) => Chain(exception).Any(e => e is StaleConnectionException);

    /// <summary>Whether a TLS handshake failed, the certificate apart: perhaps the server has only older ciphers.</summary>
    public static bool IsOfHandshake(Exception exception) =>
        Chain(exception).Any(e => e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }) && !Chain(exception).Any(e => e is CertificateRefusedException);

    /// <summary>Whether HTTP/2 failed: the server ended the stream or the connection (RST_STREAM, GOAWAY), perhaps because it wants HTTP/1.1.</summary>
    public static bool IsOfHttp2(Exception exception) => Chain(exception).Any(e => e is HttpProtocolException);

    private static FetchOutcome? OutcomeOfOne(Exception exception) => exception switch
    {
        MachineLimitException e => new(FetchOutcomeKind.Connection, MachineLimits.NameOf(e.Error), IsTransient: true) { Uncounted = UncountedTry.MachineLimit },
        ProxyException e => new(FetchOutcomeKind.Connection, e.Fault, IsTransient: true) { Uncounted = UncountedTry.Proxy },
        ProxyDenialException e => new(FetchOutcomeKind.Connection, e.Detail, IsTransient: e.IsTransient),
        AddressRefusedException e => new(FetchOutcomeKind.AddressRefused, e.Detail),
        NameResolutionException e => new(FetchOutcomeKind.Dns, NameOf(e.Error), IsTransient: !IsFinal(e.Error)),
        ConnectTimeoutException => FetchDeadlines.OutcomeOf("connect"),
        OperationCanceledException { InnerException: TimeoutException } => FetchDeadlines.OutcomeOf("connect"),
        AuthenticationException e => new(FetchOutcomeKind.Tls, TlsFaults.NameOf(e)),
        InvalidDataException => new(FetchOutcomeKind.Damaged, "the content encoding does not unpack"),
        HttpIOException { HttpRequestError: var error } => OutcomeOf(error),
        // A complaint of the HTTP stack itself, for which it has no category: a chunk's line that does not end, and the like.
        HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: null } => OutcomeOf(HttpRequestError.InvalidResponse),
        HttpRequestException { HttpRequestError: var error } => OutcomeOf(error),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } e =>
            new(FetchOutcomeKind.Dns, NameOf(e.SocketErrorCode), IsTransient: !IsFinal(e.SocketErrorCode)),
        SocketException e => new(FetchOutcomeKind.Connection, NameOf(e.SocketErrorCode), IsTransient: true),
        _ => null,
    };

    private static FetchOutcome? OutcomeOf(HttpRequestError error) => error switch
    {
        HttpRequestError.ResponseEnded => new(FetchOutcomeKind.Connection, "ended early", IsTransient: true),
        HttpRequestError.HttpProtocolError => new(FetchOutcomeKind.Connection, "HTTP/2 stream reset", IsTransient: true),
        HttpRequestError.InvalidResponse => new(FetchOutcomeKind.HttpError, "not HTTP"),
        HttpRequestError.ConfigurationLimitExceeded => new(FetchOutcomeKind.HttpError, "headers too large"),
        HttpRequestError.VersionNegotiationError => new(FetchOutcomeKind.HttpError, "HTTP version"),
        _ => null,
    };

    private static bool IsFinal(SocketError error) => error is SocketError.HostNotFound or SocketError.NoData;

    private static string NameOf(SocketError error) => error switch
    {
        SocketError.HostNotFound => "no such host",
        SocketError.NoData => "no address",
        SocketError.TryAgain => "try again",
        SocketError.TimedOut => "no answer",
        SocketError.ConnectionRefused => "refused",
        SocketError.ConnectionReset or SocketError.ConnectionAborted => "reset",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostDown => "unreachable",

        // The host has IPv6 addresses alone, and this machine has none.
        SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable => "unreachable",
        _ => error.ToString(),
    };

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            yield return e;
        }
    }
}
