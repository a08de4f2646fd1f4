using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Koalarization.Harvest.Fetching;

/// <summary>Judges the certificate of a server, and names what is wrong with one that is refused.</summary>
internal static class CertificateCheck
{
    private const string AuthorityInformation = "1.3.6.1.5.5.7.1.1";

    // From the most to the least particular.
    private static readonly (X509ChainStatusFlags Flag, string Meaning)[] Faults =
    [
        (X509ChainStatusFlags.Revoked, "the certificate is revoked"),
        (X509ChainStatusFlags.ExplicitDistrust, "the certificate's authority is not trusted"),
        (X509ChainStatusFlags.NotSignatureValid, "a certificate's signature is wrong"),
        (X509ChainStatusFlags.HasWeakSignature, "the certificate's signature is too weak"),
        (X509ChainStatusFlags.NotValidForUsage, "the certificate is not one for a web server"),
        (X509ChainStatusFlags.InvalidBasicConstraints, "a certificate was signed by one that may not sign"),
        (X509ChainStatusFlags.InvalidNameConstraints, "the certificate's authority may not sign for this host"),
        (X509ChainStatusFlags.HasNotPermittedNameConstraint, "the certificate's authority may not sign for this host"),
        (X509ChainStatusFlags.HasExcludedNameConstraint, "the certificate's authority may not sign for this host"),
        (X509ChainStatusFlags.HasNotSupportedCriticalExtension, "the certificate has an unknown extension that must be known"),
    ];

    /// <summary>Whether a certificate is trusted.</summary>
    /// <exception cref="CertificateRefusedException">It is not; the message says in a few words why.</exception>
    public static bool IsTrusted(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, TrustedRoots? roots, TimeProvider clock)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (certificate is not X509Certificate2 own || chain is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            throw new CertificateRefusedException("the server sends no certificate");
        }

        bool isOfOtherHost = errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && roots?.Trust(own, chain.ChainPolicy.ExtraStore) != true)
        {
            throw new CertificateRefusedException(FaultOf(own, chain, clock.GetUtcNow().UtcDateTime));
        }

        return !isOfOtherHost ? true : throw new CertificateRefusedException("the certificate is of another host");
    }

    private static string FaultOf(X509Certificate2 certificate, X509Chain chain, DateTime now)
    {
        X509ChainStatusFlags all = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status);
        if (Array.Find(Faults, fault => all.HasFlag(fault.Flag)).Meaning is string fault)
        {
            return fault;
        }

        bool isSelfSigned = certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
        if (all.HasFlag(X509ChainStatusFlags.UntrustedRoot))
        {
            return isSelfSigned ? "the certificate is self-signed" : "the certificate's authority is not trusted";
        }

        if (all.HasFlag(X509ChainStatusFlags.PartialChain))
        {
            return isSelfSigned ? "the certificate is self-signed"
                : NamesItsIssuersCertificate(certificate) && chain.ChainElements.Count == 1 ? "the server does not send its intermediate certificate"
                : "the server does not send its intermediate certificate, or its authority is unknown";
        }

        if (all.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            X509Certificate2 old = chain.ChainElements.First(element => element.ChainElementStatus.Any(status => status.Status == X509ChainStatusFlags.NotTimeValid)).Certificate;
            string which = old.Equals(certificate) ? "the certificate" : "an intermediate certificate";
            return old.NotAfter.ToUniversalTime() < now ? $"{which} has expired" : $"{which} is not valid yet";
        }

        return $"the certificate is refused ({all})";
    }

    // Authorities of the web say where their certificate is; those of a company seldom do.
    private static bool NamesItsIssuersCertificate(X509Certificate2 certificate) =>
        certificate.Extensions[AuthorityInformation] is X509AuthorityInformationAccessExtension information && information.EnumerateCAIssuersUris().Any();
}

/// <summary>A server's certificate is refused. Travels through the HTTP stack, never out of this library.</summary>
internal sealed class CertificateRefusedException(string fault) : AuthenticationException(fault);
