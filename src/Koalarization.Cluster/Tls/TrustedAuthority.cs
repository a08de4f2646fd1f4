using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Koalarization.Cluster.Tls;

/// <summary>
/// The authority that signs the certificates of a cluster's nodes. Its file is read again at each handshake, so that a new authority is trusted without a restart;
/// while it cannot be read, the certificates that were read last count. Thread-safe.
/// </summary>
/// <param name="path">The file, in PEM.</param>
/// <param name="time">The clock that certificates are valid by.</param>
/// <param name="note">Is told, once for each fault, that the file cannot be read.</param>
internal sealed class TrustedAuthority(string path, TimeProvider time, Action<string> note)
{
    private readonly Lock _gate = new();
    private X509Certificate2Collection _lastRead = ReadFrom(path);
    private string? _fault;

    /// <summary>Whether a certificate is signed by the authority, valid now, and of a kind for its purpose; if not, why.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="between">Certificates between it and the authority, as far as the peer sent them.</param>
    /// <param name="purposes">What it is used for (OIDs); none: anything.</param>
    public string? FaultOf(X509Certificate2 certificate, IEnumerable<X509Certificate2> between, params IEnumerable<Oid> purposes)
    {
        using var chain = new X509Chain();
        X509ChainPolicy policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = time.GetUtcNow().UtcDateTime;
        policy.VerificationTimeIgnored = false;
        foreach (X509Certificate2 authority in Read())
        {
            (IsRoot(authority) ? policy.CustomTrustStore : policy.ExtraStore).Add(authority);
        }

        policy.ExtraStore.AddRange(between.ToArray());
        foreach (Oid purpose in purposes)
        {
            policy.ApplicationPolicy.Add(purpose);
        }

        return chain.Build(certificate)
            ? null
            : string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation.Trim().TrimEnd('.')).Distinct(StringComparer.Ordinal));
    }

    private static bool IsRoot(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static X509Certificate2Collection ReadFrom(string path)
    {
        X509Certificate2Collection read = PemFiles.Certificates(path, "CA file");
        return read.Any(IsRoot)
            ? read
            : throw new TlsException($"the CA file {path} has no certificate that is signed by itself; put that of the root authority into it.");
    }

    private X509Certificate2Collection Read()
    {
        lock (_gate)
        {
            try
            {
                _lastRead = ReadFrom(path);
                _fault = null;
            }
            catch (TlsException unreadable)
            {
                if (unreadable.Message != _fault)
                {
                    _fault = unreadable.Message;
                    note($"{_fault.TrimEnd('.')}; the certificates that it had before are trusted until it can be read.");
                }
            }

            return _lastRead;
        }
    }
}
