using Akka.Actor.Setup;

namespace Koalarization.Cluster.Tls;

/// <summary>What the transport of an actor system with TLS works with.</summary>
/// <param name="certificate">The node's certificate, and what it asks of others.</param>
/// <param name="refusals">Where it is said who was refused.</param>
/// <param name="time">The clock.</param>
internal sealed class TlsSetup(NodeCertificate certificate, RefusalLog refusals, TimeProvider time) : Setup
{
    public NodeCertificate Certificate => certificate;

    public RefusalLog Refusals => refusals;

    public TimeProvider Time => time;
}
