using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Hosting.Logging;
using Akka.Remote.Hosting;
using Koalarization.Cluster.Membership;
using Koalarization.Cluster.Tls;
using Koalarization.Cluster.Writing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Hosting;

/// <summary>The actor system of a node.</summary>
internal static class KoalaSystemHostingExtensions
{
    /// <summary>Gives the system its roles, its address, its configuration and its log, and joins it when its actors have started.</summary>
    /// <param name="builder">The system.</param>
    /// <param name="endpoint">Where it is.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="overrides">
    /// The machine's settings; those named <c>akka</c> and <c>koala</c> (in the environment <c>AKKA__CLUSTER__…</c>) override the files.
    /// </param>
    /// <param name="time">The clock that certificates are valid by; null: this machine's.</param>
    public static AkkaConfigurationBuilder AddKoalaSystem(
        this AkkaConfigurationBuilder builder, NodeEndpointOptions endpoint, ILoggerFactory loggers, IConfiguration? overrides = null, TimeProvider? time = null)
    {
        builder
            .AddHocon(NodeConfiguration.Of(endpoint.Roles), HoconAddMode.Append)
            .WithRemoting(new RemoteOptions { HostName = endpoint.Host, Port = endpoint.Port, PublicHostName = endpoint.PublicHost })
            .WithClustering(new ClusterOptions { Roles = [.. endpoint.Roles, .. RolesBeside(endpoint)] })
            .ConfigureLoggers(logging => logging.ClearLoggers().AddLogger<SystemLogger>());
        builder.AddSetup(new LoggerFactorySetup(loggers));

        // The last one that is put in front wins.
        foreach (string name in (string[])["koala", "akka"])
        {
            if (overrides?.GetSection(name) is IConfigurationSection section && section.Exists())
            {
                builder.AddHocon(section, HoconAddMode.Prepend);
            }
        }

        if (endpoint.Certificate is NodeCertificate certificate)
        {
            builder.AddMutualTls(certificate, loggers, time ?? TimeProvider.System);
        }

        return builder.AddStartup((system, _) => JoinAsync(system, endpoint, loggers));
    }

    private static IEnumerable<string> RolesBeside(NodeEndpointOptions endpoint) =>
        endpoint.Roles.Contains(NodeRoles.Write) && endpoint.CodecFingerprint is string fingerprint ? [WriteRegion.RoleOf(fingerprint)] : [];

    private static async Task JoinAsync(ActorSystem system, NodeEndpointOptions endpoint, ILoggerFactory loggers)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        if (!cluster.Settings.SeedNodes.IsEmpty)
        {
            return;
        }

        IReadOnlyList<string> members = endpoint.Members is SeedNodeFile book ? await Task.Run(book.Read) : [];
        IReadOnlyList<Address> order = SeedOrder.Of(cluster.SelfAddress, Addresses(endpoint.Seeds), Addresses(members));
        if (endpoint.Beats is not ControlBeatFiles beats || order[0] != cluster.SelfAddress)
        {
            cluster.JoinSeedNodes(order);
            return;
        }

        // What it wrote before it was started again says that it lives in a cluster.
        await Task.Run(beats.Remove);
        ILogger log = loggers.CreateLogger<FoundingActor>();
        Func<bool> isMember = () => !cluster.State.Members.IsEmpty;
        Action<IReadOnlyList<ControlBeat>> ask = Ask;
        Action found = () => cluster.JoinSeedNodes(order);
        system.ActorOf(Props.Create(() => new FoundingActor(beats.ReadOthers, isMember, ask, found, log)), FoundingActor.ActorName);

        IReadOnlyList<Address> Addresses(IEnumerable<string> texts) =>
            [.. texts.Select(text => Address.Parse($"{cluster.SelfAddress.Protocol}://{system.Name}@{text}"))];

        void Ask(IReadOnlyList<ControlBeat> living)
        {
            Address[] others = [.. SeedOrder.Of(cluster.SelfAddress, Addresses(living.Select(beat => beat.Node)), order).Where(other => other != cluster.SelfAddress)];
            if (others.Length > 0)
            {
                cluster.JoinSeedNodes(others);
            }
        }
    }
}
