using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Koalarization.Dataset.Storage;

namespace Koalarization.Cluster.Tls;

/// <summary>Reads files in PEM; what is wrong with one is said in a sentence that names it.</summary>
internal static class PemFiles
{
    // A file of certificates has some thousand bytes; the limit keeps a device or a wrong file from filling the memory.
    private const int MaxBytes = 1 << 20;

    /// <summary>The certificates of a file, one at least.</summary>
    /// <exception cref="TlsException">There is none, or the file cannot be read.</exception>
    public static X509Certificate2Collection Certificates(string path, string what)
    {
        var read = new X509Certificate2Collection();
        try
        {
            read.ImportFromPem(Text(path, what));
        }
        catch (CryptographicException damaged)
        {
            throw new TlsException($"the {what} {path} has a certificate that cannot be read; give a file in PEM.", damaged);
        }

        return read.Count > 0 ? read : throw new TlsException($"the {what} {path} has no certificate; give a file in PEM, with BEGIN CERTIFICATE.");
    }

    /// <summary>A certificate with its private key.</summary>
    /// <exception cref="TlsException">The key cannot be read, or is that of another certificate.</exception>
    public static X509Certificate2 WithKey(X509Certificate2 certificate, string certificatePath, string keyPath)
    {
        string key = Text(keyPath, "key file");
        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            throw new TlsException($"the key file {keyPath} has a password; give a key without one, which only this user may read.");
        }

        try
        {
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), key);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new TlsException(
                key.Contains("PRIVATE KEY", StringComparison.Ordinal)
                    ? $"the key file {keyPath} is not the key of {certificatePath}; give the two that belong together."
                    : $"the key file {keyPath} has no private key; give a file in PEM, with BEGIN PRIVATE KEY.",
                exception);
        }
    }

    private static string Text(string path, string what)
    {
        try
        {
            using FileStream file = RegularFile.OpenRead(path);
            if (file.Length > MaxBytes)
            {
                throw new TlsException($"the {what} {path} is too large to be one in PEM.");
            }

            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TlsException($"the {what} {path} does not exist.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TlsException($"the {what} {path} cannot be read: {exception.Message.TrimEnd('.')}.", exception);
        }
    }
}
