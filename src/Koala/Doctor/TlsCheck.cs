using Koalarization.Cluster.Membership;
using Koalarization.Cluster.Tls;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Node;

namespace Koalarization.Koala.Doctor;

/// <summary>Checks the certificate that the environment names for nodes of this machine, and whether the cluster of a store is open to its network.</summary>
internal static class TlsCheck
{
    private const string Name = "tls";

    /// <summary>The result.</summary>
    /// <param name="folder">Perhaps a store.</param>
    /// <param name="time">The clock that certificates are valid by.</param>
    public static CheckResult Of(string folder, TimeProvider time)
    {
        var members = new SeedNodeFile(folder, "doctor");
        string[] open = members.ReadIsEncrypted() is false ? [.. members.Read().Where(member => !Listening.IsLoopback(member[..Math.Max(member.LastIndexOf(':'), 0)]))] : [];
        if (open.Length > 0)
        {
            return new CheckResult(
                Name, CheckStatus.Warning, $"the nodes of this store speak without TLS: whoever reaches the port of {string.Join(", ", open)} controls the cluster; see --tls-cert of koala node");
        }

        try
        {
            if (TlsOptions.FilesOfEnvironment() is not TlsFiles files)
            {
                return new CheckResult(Name, CheckStatus.Ok, $"none ({TlsOptions.CertificateVariable} is not set): nodes are for this machine alone, or open with --insecure");
            }

            using NodeCertificate certificate = NodeCertificate.Load(files, host: null, time, _ => { });
            return new CheckResult(Name, CheckStatus.Ok, $"{files.Certificate} is valid until {certificate.Certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}");
        }
        catch (Exception unusable) when (unusable is TlsException or UserErrorException)
        {
            return new CheckResult(Name, CheckStatus.Error, unusable.Message.TrimEnd('.'));
        }
    }
}
