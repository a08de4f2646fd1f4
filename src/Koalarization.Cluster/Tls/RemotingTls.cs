using Akka.Hosting;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Tls;

/// <summary>Mutual TLS between nodes: both ends show a certificate of the cluster's authority.</summary>
internal static class RemotingTls
{
    /// <summary>Makes an actor system speak TLS only.</summary>
    /// <param name="builder">The system.</param>
    /// <param name="certificate">Its certificate, and what it asks of others.</param>
    /// <param name="loggers">Where it is said who was refused.</param>
    /// <param name="time">The clock.</param>
    public static AkkaConfigurationBuilder AddMutualTls(this AkkaConfigurationBuilder builder, NodeCertificate certificate, ILoggerFactory loggers, TimeProvider time)
    {
        builder.AddSetup(new TlsSetup(certificate, new RefusalLog(loggers.CreateLogger<TlsTransport>(), time), time));
        return builder.AddHocon(
            $"akka.remote.dot-netty.tcp.transport-class = \"{typeof(TlsTransport).FullName}, {typeof(TlsTransport).Assembly.GetName().Name}\"", HoconAddMode.Prepend);
    }
}
