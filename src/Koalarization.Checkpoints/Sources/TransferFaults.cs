using System.Net.Sockets;
using System.Security.Authentication;

namespace Koalarization.Checkpoints.Sources;

/// <summary>Why a download failed, in plain words; the exceptions' own messages are for programmers.</summary>
internal static class TransferFaults
{
    /// <summary>The reason, as a part of a sentence.</summary>
    /// <param name="fault">What the HTTP stack threw.</param>
    /// <param name="received">Bytes that had come.</param>
    /// <param name="total">Bytes that were announced; null: none were.</param>
    public static string ReasonOf(Exception fault, long received, long? total)
    {
        for (Exception? one = fault; one is not null; one = one.InnerException)
        {
            if (ReasonOfOne(one) is string reason)
            {
                return received > 0 ? $"the download broke off after {BytesOf(received, total)}: {reason}; start it again" : reason;
            }
        }

        return received > 0 ? $"the download broke off after {BytesOf(received, total)}; start it again" : "the connection failed";
    }

    private static string? ReasonOfOne(Exception fault) => fault switch
    {
        SocketException socket => socket.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "its host cannot be looked up; without a network, name a checkpoint on this machine",
            SocketError.ConnectionRefused => "its host accepts no connection at that port",
            SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => "the server closed the connection",
            SocketError.TimedOut => "its host does not answer",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostDown => "its host cannot be reached from this machine",
            _ => null,
        },
        AuthenticationException => "its certificate is not trusted, or the TLS handshake failed; download it with another program and name the file",
        HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } => "the server closed the connection",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its host cannot be looked up; without a network, name a checkpoint on this machine",
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError } or HttpIOException => "the server's answer is not HTTP",
        _ => null,
    };

    private static string BytesOf(long received, long? total) => total is long all ? $"{received:N0} of {all:N0} bytes" : $"{received:N0} bytes";
}
