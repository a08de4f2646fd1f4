using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Koalarization.Hostile.Serving;

/// <summary>Answers inside TLS.</summary>
internal static class Tls
{
    /// <summary>Shakes hands with a certificate, reads the request, and answers.</summary>
    public static Answer With(X509Certificate2 certificate, Answer answer) => Handshake(
        certificate, SslApplicationProtocol.Http11, async exchange => await answer(await exchange.ReadAsync()));

    /// <summary>Shakes hands for HTTP/2, whatever is then spoken.</summary>
    public static Answer ForHttp2(X509Certificate2 certificate, Answer answer) => Handshake(certificate, SslApplicationProtocol.Http2, answer);

    private static Answer Handshake(X509Certificate2 certificate, SslApplicationProtocol protocol, Answer answer) => async exchange =>
    {
        await using var secure = new SslStream(exchange.Stream, leaveInnerStreamOpen: true);
        var options = new SslServerAuthenticationOptions { ServerCertificate = certificate, ApplicationProtocols = [protocol] };
        try
        {
            await secure.AuthenticateAsServerAsync(options, exchange.Stopping);
        }
        catch (AuthenticationException)
        {
            // The client does not trust the certificate, and says so.
            return;
        }

        await answer(exchange.Over(secure));
    };
}
