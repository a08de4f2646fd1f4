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
        _authority = Authority("CN=Authority of a hostile web", now);

        Good = Signed("127.0.0.1", now.AddDays(-1), now.AddDays(1));
        Expired = Signed("127.0.0.1", now.AddDays(-10), now.AddDays(-5));
        NotYetValid = Signed("127.0.0.1", now.AddDays(5), now.AddDays(10));
        OtherHost = Signed("pictures.example", now.AddDays(-1), now.AddDays(1));
        SelfSigned = Of("127.0.0.1", now, issuer: null, now.AddDays(-1), now.AddDays(1));
        Rsa = OfRsa(now);
        OfClient = Of("127.0.0.1", now.AddTicks(2), _authority, now.AddDays(-1), now.AddDays(1), purpose: "1.3.6.1.5.5.7.3.2");
        using X509Certificate2 intermediate = Authority("CN=Intermediate of a hostile web", now);
        using X509Certificate2 unknown = Authority("CN=Unknown authority of a hostile web", now);
        WithoutIntermediate = Of("127.0.0.1", now, intermediate, now.AddDays(-1), now.AddDays(1), issuedAt: "http://authority.example/intermediate.crt");
        OfUnknown = Of("127.0.0.1", now, unknown, now.AddDays(-1), now.AddDays(1));
    }

    public X509Certificate2 Good { get; }

    public X509Certificate2 Expired { get; }

    public X509Certificate2 NotYetValid { get; }

    public X509Certificate2 OtherHost { get; }

    public X509Certificate2 SelfSigned { get; }

    /// <summary>A good one whose key is of RSA.</summary>
    public X509Certificate2 Rsa { get; }

    /// <summary>One whose authority is not sent with it, and that says where it is to be had.</summary>
    public X509Certificate2 WithoutIntermediate { get; }

    /// <summary>One of an unknown authority.</summary>
    public X509Certificate2 OfUnknown { get; }

    /// <summary>A good one, for clients.</summary>
    public X509Certificate2 OfClient { get; }

    /// <summary>The authority, for a file that <c>SSL_CERT_FILE</c> names.</summary>
    public string AuthorityPem => _authority.ExportCertificatePem();

    public void Dispose()
    {
        foreach (X509Certificate2 certificate in new[] { Good, Expired, NotYetValid, OtherHost, SelfSigned, Rsa, WithoutIntermediate, OfUnknown, OfClient, _authority })
        {
            certificate.Dispose();
        }
    }

    private static X509Certificate2 Authority(string name, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now.AddDays(-30), now.AddDays(30));
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

    private static X509Certificate2 Of(string host, DateTimeOffset seed, X509Certificate2? issuer, DateTimeOffset from, DateTimeOffset until, string purpose = "1.3.6.1.5.5.7.3.1", string? issuedAt = null)
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
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        if (issuedAt is not null)
        {
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(ocspUris: null, [issuedAt]));
        }

        if (issuer is null)
        {
            return request.CreateSelfSigned(from, until);
        }

        using X509Certificate2 signed = request.Create(issuer, from, until, BitConverter.GetBytes(seed.Ticks));
        return signed.CopyWithPrivateKey(key);
    }
}
