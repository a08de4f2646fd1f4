using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Koalarization.Cluster.Tls;

namespace Koalarization.Cluster.Specs.Tls;

/// <summary>An authority of a test, and the files of what it signs.</summary>
internal sealed class TestAuthority : IDisposable
{
    public static readonly string[] BothEnds = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];

    private readonly string _folder;
    private readonly string _name;
    private readonly X509Certificate2 _certificate;
    private int _signed;

    public TestAuthority(string folder, string name, X509Certificate2? parent = null)
    {
        (_folder, _name) = (folder, name);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Authority {name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (parent is null)
        {
            _certificate = request.CreateSelfSigned(Now.AddDays(-30), Now.AddDays(30));
        }
        else
        {
            using X509Certificate2 signed = request.Create(parent, Now.AddDays(-20), Now.AddDays(20), [77]);
            _certificate = signed.CopyWithPrivateKey(key);
        }

        File.WriteAllText(Path, Pem);
    }

    /// <summary>The file of its certificate.</summary>
    public string Path => System.IO.Path.Combine(_folder, _name + "-ca.pem");

    public string Pem => _certificate.ExportCertificatePem() + "\n";

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>An authority that this one has signed.</summary>
    public TestAuthority Below(string name) => new(_folder, name, _certificate);

    /// <summary>The files of a certificate that it has signed.</summary>
    public TlsFiles Sign(string host = "127.0.0.1", int fromDays = -1, int untilDays = 1, params string[] purposes)
    {
        string name = System.IO.Path.Combine(_folder, $"{_name}-{++_signed}");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        if (purposes.Length > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. purposes.Select(purpose => new Oid(purpose))], critical: false));
        }

        using X509Certificate2 signed = request.Create(_certificate, Now.AddDays(fromDays), Now.AddDays(untilDays), [1, (byte)_signed]);
        File.WriteAllText(name + ".pem", signed.ExportCertificatePem() + "\n");
        File.WriteAllText(name + ".key", key.ExportPkcs8PrivateKeyPem() + "\n");
        return new TlsFiles(name + ".pem", name + ".key", Path);
    }

    public void Dispose() => _certificate.Dispose();
}
