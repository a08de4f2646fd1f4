using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Koalarization.Cluster.Specs.Tls;
using Koalarization.Cluster.Tls;
using Koalarization.Koala.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Koalarization.Koala.Tests.Control;

/// <summary>The HTTP API shows a renewed certificate to whoever connects next, and does not break off what is open.</summary>
public sealed class RenewedHttpCertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority;

    public RenewedHttpCertificateTests() => _authority = new TestAuthority(_folder.Path, "ours");

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_new_connection_gets_the_renewed_certificate_and_an_open_one_goes_on()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        TlsFiles files = _authority.Sign(), renewed = _authority.Sign();
        using NodeCertificate certificate = NodeCertificate.Load(files, host: null, time, _ => { });
        await using var server = new ControlApiServer(
            paths => paths.MapGet("/", context => context.Response.WriteAsync("hello")), new ControlEndpoint(IPAddress.Loopback, 0) { Certificate = certificate });
        await server.StartAsync(CancellationToken.None);
        using SslStream open = await ConnectAsync(server.Address.Port);
        Assert.Equal(ThumbprintOf(files), ThumbprintOf(open));
        Assert.EndsWith("hello", await GetAsync(open), StringComparison.Ordinal);

        File.Copy(renewed.Certificate, files.Certificate, overwrite: true);
        File.Copy(renewed.Key, files.Key, overwrite: true);
        time.Advance(NodeCertificate.ReadAgainAfter);
        using SslStream next = await ConnectAsync(server.Address.Port);
        Assert.Equal(ThumbprintOf(renewed), ThumbprintOf(next));
        Assert.EndsWith("hello", await GetAsync(next), StringComparison.Ordinal);
        Assert.EndsWith("hello", await GetAsync(open), StringComparison.Ordinal);
        await server.StopAsync(CancellationToken.None);
    }

    private static string ThumbprintOf(SslStream stream) => ((X509Certificate2)stream.RemoteCertificate!).Thumbprint;

    private static string ThumbprintOf(TlsFiles files)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificateFromFile(files.Certificate);
        return certificate.Thumbprint;
    }

    private static async Task<SslStream> ConnectAsync(int port)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var stream = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) => shown is not null);
        await stream.AuthenticateAsClientAsync("127.0.0.1");
        return stream;
    }

    // The answer is of known length: the connection stays open.
    private static async Task<string> GetAsync(SslStream stream)
    {
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8.ToArray());
        var bytes = new byte[1000];
        string answer = "";
        while (!answer.EndsWith("hello", StringComparison.Ordinal) && !answer.EndsWith("0\r\n\r\n", StringComparison.Ordinal))
        {
            int read = await stream.ReadAsync(bytes);
            Assert.NotEqual(0, read);
            answer += System.Text.Encoding.ASCII.GetString(bytes, 0, read);
        }

        return answer.Replace("\r\n0\r\n\r\n", "", StringComparison.Ordinal);
    }
}
