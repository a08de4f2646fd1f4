namespace Koalarization.Cluster.Tls;

/// <summary>A node's TLS cannot be used; the message says why in one sentence.</summary>
internal sealed class TlsException(string sentence, Exception? cause = null) : Exception(sentence, cause);
