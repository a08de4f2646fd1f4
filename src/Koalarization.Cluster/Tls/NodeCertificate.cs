using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Koalarization.Cluster.Tls;

/// <summary>
/// A node's certificate, and what it asks of those of others: signed by the cluster's authority and by no other, valid now, and, where this node calls, with the name
/// that it called. A node that is called cannot check a name: the caller's address says nothing about it.
/// </summary>
internal sealed class NodeCertificate : IDisposable
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private const string NoCertificate = "it has no certificate";

    private readonly TrustedAuthority _authority;

    private NodeCertificate(X509Certificate2 certificate, X509Certificate2Collection between, TrustedAuthority authority) =>
        (Certificate, Between, Context, _authority) = (certificate, between, SslStreamCertificateContext.Create(certificate, between, offline: true), authority);

    /// <summary>The certificate, with its key. It is fixed for the life of the process.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The certificates between it and its authority.</summary>
    public X509Certificate2Collection Between { get; }

    /// <summary>The certificate and those between, as they are sent.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>Keeps the platform from trusting, and from fetching, anything by itself: what a peer shows is checked by the methods here.</summary>
    public static X509ChainPolicy NoOtherTrust() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    /// <summary>Reads and checks a node's files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="host">The name that other nodes reach it by; null: it is not called.</param>
    /// <param name="time">The clock.</param>
    /// <param name="note">Is told when the authority's file cannot be read later.</param>
    /// <exception cref="TlsException">A file cannot be read, or other nodes would refuse this one.</exception>
    public static NodeCertificate Load(TlsFiles files, string? host, TimeProvider time, Action<string> note)
    {
        X509Certificate2Collection read = PemFiles.Certificates(files.Certificate, "certificate");
        X509Certificate2 certificate = PemFiles.WithKey(read[0], files.Certificate, files.Key);
        X509Certificate2Collection between = [.. read.Skip(1)];
        DateTime now = time.GetUtcNow().UtcDateTime;
        if (certificate.NotAfter.ToUniversalTime() < now)
        {
            throw new TlsException($"the certificate {files.Certificate} expired on {Day(certificate.NotAfter)}; have a new one signed.");
        }

        if (certificate.NotBefore.ToUniversalTime() > now)
        {
            throw new TlsException($"the certificate {files.Certificate} is valid only from {Day(certificate.NotBefore)}; is this machine's clock right?");
        }

        var authority = new TrustedAuthority(files.Authority, time, note);
        if (authority.FaultOf(certificate, between) is string fault)
        {
            throw new TlsException($"the certificate {files.Certificate} is not one of the authority in {files.Authority} ({fault}); give the certificate of the authority that signed it.");
        }

        if (authority.FaultOf(certificate, between, ServerAuthentication) is not null || authority.FaultOf(certificate, between, ClientAuthentication) is not null)
        {
            throw new TlsException(
                $"the certificate {files.Certificate} is not for both ends of a connection; have one signed with extendedKeyUsage serverAuth and clientAuth, or without it.");
        }

        return host is null || certificate.MatchesHostname(host)
            ? new NodeCertificate(certificate, between, authority)
            : throw new TlsException(
                $"the certificate {files.Certificate} is not for {host}, the name that other nodes reach this one by; have one signed with subjectAltName {host}, or give its name with --public-host.");
    }

    /// <summary>Whether a node that called this one may come in; if not, why.</summary>
    /// <param name="certificate">Its certificate; null: it has none.</param>
    /// <param name="sent">The chain as it came, with the certificates that it sent.</param>
    public string? FaultOfCaller(X509Certificate? certificate, X509Chain? sent) =>
        certificate is X509Certificate2 shown ? FaultOf(shown, sent, ClientAuthentication) : NoCertificate;

    /// <summary>Whether the node that was called is the one that was called; if not, why.</summary>
    /// <param name="certificate">Its certificate; null: it has none.</param>
    /// <param name="sent">The chain as it came, with the certificates that it sent.</param>
    /// <param name="errors">What the platform finds wrong: of that the name counts, the rest is checked by this cluster's authority.</param>
    public string? FaultOfCalled(X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors) =>
        certificate is not X509Certificate2 shown ? NoCertificate
        : FaultOf(shown, sent, ServerAuthentication) is string fault ? fault
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? $"its certificate, {certificate.Subject}, is not for that name"
        : null;

    public void Dispose() => Certificate.Dispose();

    private static string Day(DateTime date) => date.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private string? FaultOf(X509Certificate2 certificate, X509Chain? sent, Oid purpose) =>
        _authority.FaultOf(certificate, sent?.ChainElements.Select(element => element.Certificate).Concat(sent.ChainPolicy.ExtraStore) ?? [], purpose) is string fault
            ? $"its certificate, {certificate.Subject}, is not to be trusted ({fault})"
            : null;
}
