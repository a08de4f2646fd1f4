namespace Koalarization.Cluster.Tls;

/// <summary>The files of a node's TLS, in PEM.</summary>
/// <param name="Certificate">Its certificate; what follows it in the file are those between it and its authority.</param>
/// <param name="Key">The certificate's private key, without a password.</param>
/// <param name="Authority">The certificates of the authority that signs the nodes' certificates: no other one is trusted.</param>
internal sealed record TlsFiles(string Certificate, string Key, string Authority);
