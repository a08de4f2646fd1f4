using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Koalarization.Hostile.Serving;

/// <summary>Answers inside TLS.</summary>
internal static class Tls
{
    /// <summary>Shakes hands with a certificate, reads the request, and answers.</summary>
    public static Answer With(X509Certificate2 certificate, Answer answer) => Handshake(
        Options(certificate, SslApplicationProtocol.Http11), (exchange, _) => ReadAndAnswerAsync(exchange, answer));

    /// <summary>Shakes hands for HTTP/2, whatever is then spoken.</summary>
    public static Answer ForHttp2(X509Certificate2 certificate, Answer answer) =>
        Handshake(Options(certificate, SslApplicationProtocol.Http2), (exchange, _) => answer(exchange));

    /// <summary>Offers HTTP/2 first, and answers what is chosen.</summary>
    public static Answer ForEither(X509Certificate2 certificate, Answer http2, Answer http1) => Handshake(
        Options(certificate, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11),
        (exchange, chosen) => chosen == SslApplicationProtocol.Http2 ? http2(exchange) : ReadAndAnswerAsync(exchange, http1));

    /// <summary>As the servers before forward secrecy: TLS 1.2, and a key exchange by RSA alone.</summary>
    public static Answer WithRsaAlone(X509Certificate2 certificate, Answer answer)
    {
        SslServerAuthenticationOptions options = Options(certificate, SslApplicationProtocol.Http11);
        options.EnabledSslProtocols = SslProtocols.Tls12;
        if (OperatingSystem.IsLinux())
        {
            options.CipherSuitesPolicy = new CipherSuitesPolicy([TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA]);
        }

        return Handshake(options, (exchange, _) => ReadAndAnswerAsync(exchange, answer));
    }

    /// <summary>The first message of a server whose newest version is SSL 3.<paramref name="minor"/>, which for 1 and 2 is TLS 1.0 and 1.1.</summary>
    public static byte[] Hello(byte minor)
    {
        byte[] hello = [3, minor, .. new byte[32], 0, 0, 0x2F, 0];
        byte[] message = [2, 0, 0, (byte)hello.Length, .. hello];
        return [0x16, 3, minor, 0, (byte)message.Length, .. message];
    }

    private static SslServerAuthenticationOptions Options(X509Certificate2 certificate, params List<SslApplicationProtocol> protocols) =>
        new() { ServerCertificate = certificate, ApplicationProtocols = protocols };

    private static async Task ReadAndAnswerAsync(Exchange exchange, Answer answer) => await answer(await exchange.ReadAsync());

    private static Answer Handshake(SslServerAuthenticationOptions options, Func<Exchange, SslApplicationProtocol, Task> answer) => async exchange =>
    {
        await using var secure = new SslStream(exchange.Stream, leaveInnerStreamOpen: true);
        try
        {
            await secure.AuthenticateAsServerAsync(options, exchange.Stopping);
        }
        catch (AuthenticationException)
        {
            // The client does not trust the certificate, and says so.
            return;
        }

        await answer(exchange.Over(secure), secure.NegotiatedApplicationProtocol);
    };
}
