using System.Security.Authentication;

namespace Koalarization.Harvest.Fetching;

/// <summary>Says in a few words why a handshake failed.</summary>
internal static class TlsFaults
{
    // What OpenSSL says of a handshake, by the words of its errors.
    private static readonly (string Said, string Meaning)[] Handshakes =
    [
        ("unsupported protocol", "the server's TLS version is too old"),
        ("alert protocol version", "the server's TLS version is too old"),
        ("alert handshake failure", "no common cipher, or the server refuses the host name"),
        ("no protocols available", "the server's TLS version is too old"),
        ("dh key too small", "the server's key is too small"),
        ("ee key too small", "the server's key is too small"),
        ("ca md too weak", "the certificate's signature is too weak"),
        ("wrong signature type", "the server's signature is too old"),
        ("legacy sigalg", "the server's TLS version or signature is too old"),
        ("unsafe legacy renegotiation", "the server renegotiates in the old, unsafe way"),
        ("unrecognized name", "the server does not know the host name"),
        ("wrong version number", "the server does not speak TLS"),
    ];

    /// <summary>The fault.</summary>
    public static string NameOf(AuthenticationException exception)
    {
        string innermost = exception.GetBaseException().Message;
        if ((exception is CertificateRefusedException ? exception.Message : MeaningOf(innermost)) is string known)
        {
            return known;
        }

        // error:0A000410:SSL routines::what happened
        string sentence = innermost.Split(['\n', '\r', ';'], 2)[0].TrimEnd('.');
        int code = sentence.LastIndexOf("::", StringComparison.Ordinal);
        return code < 0 ? sentence : sentence[(code + 2)..];
    }

    private static string? MeaningOf(string message) =>
        Array.Find(Handshakes, row => message.Contains(row.Said, StringComparison.OrdinalIgnoreCase)).Meaning;
}
