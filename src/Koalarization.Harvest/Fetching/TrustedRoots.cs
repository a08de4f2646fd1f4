using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Koalarization.Harvest.Fetching;

/// <summary>
/// Certificates that are trusted beside the machine's own authorities: authorities, or intermediate certificates, which some servers do not send. Thread-safe.
/// </summary>
public sealed class TrustedRoots
{
    // What a server's certificate has to be for (RFC 5280, section 4.2.1.12).
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2Collection _certificates = [];

    private TrustedRoots(string pem)
    {
        _certificates.ImportFromPem(pem);
    }

    /// <summary>Reads the certificates of a file in PEM.</summary>
    /// <exception cref="FormatException">There is no file, or no certificate in it; the message is a sentence.</exception>
    public static TrustedRoots Read(string file)
    {
        try
        {
            var roots = new TrustedRoots(File.ReadAllText(file));
            return roots._certificates.Count > 0 ? roots : throw new FormatException($"{file} has no certificate in PEM ('-----BEGIN CERTIFICATE-----').");
        }
        catch (CryptographicException e)
        {
            throw new FormatException($"{file} has a certificate that cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            string fault = e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : Directory.Exists(file) ? "it is a folder" : e.Message.TrimEnd('.');
            throw new FormatException($"{file} cannot be read: {fault}.", e);
        }
    }

    /// <summary>Whether a server's certificate leads to one of these, and is valid.</summary>
    /// <param name="certificate">The server's certificate.</param>
    /// <param name="sent">What else the server sent.</param>
    internal bool Trust(X509Certificate2 certificate, X509Certificate2Collection sent)
    {
        using var chain = new X509Chain();
        X509ChainPolicy policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(_certificates);
        policy.ExtraStore.AddRange(sent);
        policy.DisableCertificateDownloads = true;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));

        // The chain may end at an intermediate certificate of the file, which is then trusted as it is, as by curl.
        policy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        return chain.Build(certificate) && _certificates.Contains(chain.ChainElements[^1].Certificate);
    }
}
