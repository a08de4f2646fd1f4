using System.Security.Authentication;

namespace Koalarization.Harvest.Fetching;

/// <summary>Says in a few words why a handshake failed.</summary>
internal static class TlsFaults
{
    // What the framework says of a certificate, by the names of its enumerations.
    private static readonly (string Said, string Meaning)[] Certificates =
    [
        ("RemoteCertificateNameMismatch", "the certificate is of another host"),
        ("RemoteCertificateNotAvailable", "the server sends no certificate"),
        ("NotTimeValid", "the certificate has expired, or is not valid yet"),
        ("PartialChain", "the server does not send its intermediate certificate, or its authority is unknown"),
        ("UntrustedRoot", "the certificate's authority is not trusted"),
        ("Revoked", "the certificate is revoked"),
    ];

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
        ("legacy sigalg", "the server's signature is too old"),
        ("unsafe legacy renegotiation", "the server renegotiates in the old, unsafe way"),
        ("unrecognized name", "the server does not know the host name"),
        ("wrong version number", "the server does not speak TLS"),
    ];

    /// <summary>The fault.</summary>
    public static string NameOf(AuthenticationException exception)
    {
        string innermost = exception.GetBaseException().Message;
        if ((MeaningOf(exception.Message, Certificates) ?? MeaningOf(innermost, Handshakes)) is string known)
        {
            return known;
        }

        // error:0A000410:SSL routines::what happened
        string sentence = innermost.Split(['\n', '\r', ';'], 2)[0].TrimEnd('.');
        int code = sentence.LastIndexOf("::", StringComparison.Ordinal);
        return code < 0 ? sentence : sentence[(code + 2)..];
    }

    private static string? MeaningOf(string message, (string Said, string Meaning)[] table) =>
        Array.Find(table, row => message.Contains(row.Said, StringComparison.OrdinalIgnoreCase)).Meaning;
}
