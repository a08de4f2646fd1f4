using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Koalarization.Cluster.Tls;

/// <summary>
/// A node's certificate, and what it asks of those of others: signed by the cluster's authority and by no other, valid now, and, where this node calls, with the name
/// that it called. A node that is called cannot check a name: the caller's address says nothing about it. The node's files are read again each minute, so that a renewed
/// certificate is shown at the next handshake; while what they hold cannot be used, the certificate that was read last is. Thread-safe.
/// </summary>
internal sealed class NodeCertificate : IDisposable
{
    /// <summary>How often the files are read.</summary>
    public static readonly TimeSpan ReadAgainAfter = TimeSpan.FromMinutes(1);

    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private const string NoCertificate = "it has no certificate";

    private readonly TlsFiles _files;
    private readonly string? _host;
    private readonly TimeProvider _time;
    private readonly Action<string> _note;
    private readonly Action<string> _replaced;
    private readonly TrustedAuthority _authority;
    private readonly ExpiryWarning _expiry = new();
    private readonly Meter _meter;
    private readonly Lock _reading = new();
    private readonly ITimer _timer;
    private volatile Shown _shown;
    private string? _fault;
    private bool _isFaultTold;

    private NodeCertificate(TlsFiles files, string? host, TimeProvider time, Action<string> note, Action<string> replaced, TrustedAuthority authority, Shown shown)
    {
        (_files, _host, _time, _note, _replaced, _authority, _shown) = (files, host, time, note, replaced, authority, shown);
        _meter = TlsInstruments.OfCertificate(() => (_shown.Until - _time.GetUtcNow().UtcDateTime).TotalSeconds);
        _timer = time.CreateTimer(_ => ReadAgain(), state: null, TimeSpan.Zero, ReadAgainAfter);
    }

    /// <summary>The certificate, with its key, as it is shown now.</summary>
    public X509Certificate2 Certificate => _shown.Certificate;

    /// <summary>The certificate and those between it and its authority, as they are sent now.</summary>
    public SslStreamCertificateContext Context => _shown.Context;

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
    /// <param name="note">Is told when a file cannot be read or used later, and when the certificate is about to expire.</param>
    /// <param name="replaced">Is told when another certificate has taken its place; null: no one is.</param>
    /// <exception cref="TlsException">A file cannot be read, or other nodes would refuse this one.</exception>
    public static NodeCertificate Load(TlsFiles files, string? host, TimeProvider time, Action<string> note, Action<string>? replaced = null)
    {
        X509Certificate2Collection read = PemFiles.Certificates(files.Certificate, "certificate");
        X509Certificate2 certificate = PemFiles.WithKey(read[0], files.Certificate, files.Key);
        var authority = new TrustedAuthority(files.Authority, time, note);
        return new NodeCertificate(files, host, time, note, replaced ?? (_ => { }), authority, Usable(files, host, time, authority, certificate, read));
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

    public void Dispose()
    {
        _timer.Dispose();
        _meter.Dispose();
        Certificate.Dispose();
    }

    private static Shown Usable(TlsFiles files, string? host, TimeProvider time, TrustedAuthority authority, X509Certificate2 certificate, X509Certificate2Collection read)
    {
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
            ? new Shown(certificate, SslStreamCertificateContext.Create(certificate, between, offline: true), [.. read.Select(each => each.Thumbprint)])
            : throw new TlsException(
                $"the certificate {files.Certificate} is not for {host}, the name that other nodes reach this one by; have one signed with subjectAltName {host}, or give its name with --public-host.");
    }

    /// <summary>A time of a certificate for people, in UTC.</summary>
    internal static string Day(DateTime date) => date.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private void ReadAgain()
    {
        // A disk that does not answer holds one thread, and not another one each minute.
        if (_reading.TryEnter())
        {
            try
            {
                ReadFiles();
                if (_expiry.Due(_files.Certificate, _shown.From, _shown.Until, _time.GetUtcNow().UtcDateTime) is string warning)
                {
                    _note(warning);
                }
            }
            finally
            {
                _reading.Exit();
            }
        }
    }

    private void ReadFiles()
    {
        try
        {
            X509Certificate2Collection read = PemFiles.Certificates(_files.Certificate, "certificate");
            if (!read.Select(each => each.Thumbprint).SequenceEqual(_shown.Thumbprints, StringComparer.Ordinal))
            {
                // The one before may be in a handshake just now: it is collected when no one has it any more.
                _shown = Usable(_files, _host, _time, _authority, PemFiles.WithKey(read[0], _files.Certificate, _files.Key), read);
                _replaced($"{_files.Certificate} has another certificate, which is used from now on; it is valid until {Day(_shown.Until)}.");
            }

            (_fault, _isFaultTold) = (null, false);
        }
        catch (Exception unusable) when (unusable is TlsException or CryptographicException)
        {
            OnUnusable(unusable.Message);
        }
    }

    // Between the two writes of whoever replaces them, certificate and key do not fit together: only what is still so a minute later is told, and once.
    private void OnUnusable(string fault)
    {
        if (_fault == fault && !_isFaultTold)
        {
            _isFaultTold = true;
            _note($"{fault.TrimEnd('.')}; until then this node shows the certificate that it had before, which is valid until {Day(_shown.Until)}.");
        }

        (_fault, _isFaultTold) = (fault, _isFaultTold && _fault == fault);
    }

    private string? FaultOf(X509Certificate2 certificate, X509Chain? sent, Oid purpose) =>
        _authority.FaultOf(certificate, sent?.ChainElements.Select(element => element.Certificate).Concat(sent.ChainPolicy.ExtraStore) ?? [], purpose) is string fault
            ? $"its certificate, {certificate.Subject}, is not to be trusted ({fault})"
            : null;

    /// <summary>What is shown at a handshake.</summary>
    private sealed record Shown(X509Certificate2 Certificate, SslStreamCertificateContext Context, IReadOnlyList<string> Thumbprints)
    {
        public DateTime From => Certificate.NotBefore.ToUniversalTime();

        public DateTime Until => Certificate.NotAfter.ToUniversalTime();
    }
}
