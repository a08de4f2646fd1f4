using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Koalarization.Hostile.Serving;

/// <summary>An authority for one web, made again each time, and the certificates that it and others signed.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly X509Certificate2 _authority;

    public Certificates()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Authority of a hostile web", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _authority = request.CreateSelfSigned(now.AddDays(-30), now.AddDays(30));

        Good = Signed("127.0.0.1", now.AddDays(-1), now.AddDays(1));
        Expired = Signed("127.0.0.1", now.AddDays(-10), now.AddDays(-5));
        NotYetValid = Signed("127.0.0.1", now.AddDays(5), now.AddDays(10));
        OtherHost = Signed("pictures.example", now.AddDays(-1), now.AddDays(1));
        SelfSigned = Of("127.0.0.1", now, issuer: null, now.AddDays(-1), now.AddDays(1));
        Rsa = OfRsa(now);
    }

    public X509Certificate2 Good { get; }

    public X509Certificate2 Expired { get; }

    public X509Certificate2 NotYetValid { get; }

    public X509Certificate2 OtherHost { get; }

    public X509Certificate2 SelfSigned { get; }

    /// <summary>A good one whose key is of RSA.</summary>
    public X509Certificate2 Rsa { get; }

    /// <summary>The authority, for a file that <c>SSL_CERT_FILE</c> names.</summary>
    public string AuthorityPem => _authority.ExportCertificatePem();

    public void Dispose()
    {
        foreach (X509Certificate2 certificate in new[] { Good, Expired, NotYetValid, OtherHost, SelfSigned, Rsa, _authority })
        {
            certificate.Dispose();
        }
    }

    private X509Certificate2 Signed(string host, DateTimeOffset from, DateTimeOffset until) => Of(host, from, _authority, from, until);

    private X509Certificate2 OfRsa(DateTimeOffset now)
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var signer = X509SignatureGenerator.CreateForECDsa(_authority.GetECDsaPrivateKey()!);
        using X509Certificate2 signed = request.Create(_authority.SubjectName, signer, now.AddDays(-1), now.AddDays(1), BitConverter.GetBytes(now.Ticks + 1));
        return signed.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 Of(string host, DateTimeOffset seed, X509Certificate2? issuer, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + host, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            names.AddIpAddress(address);
            names.AddDnsName("localhost");
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        if (issuer is null)
        {
            return request.CreateSelfSigned(from, until);
        }

        using X509Certificate2 signed = request.Create(issuer, from, until, BitConverter.GetBytes(seed.Ticks));
        return signed.CopyWithPrivateKey(key);
    }
}
