using System.Net;
using Akka.Actor;
using Akka.Hosting;
using Koalarization.Cluster.Control;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Membership;
using Koalarization.Cluster.PetabridgeCmd;
using Koalarization.Koala.Control;
using Koalarization.Koala.Pbm;
using Koalarization.Koala.Reporting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Koalarization.Koala.Node;

/// <summary>Builds the process of a node: its actor system, and on a control node the web server.</summary>
internal static class NodeHost
{
    /// <summary>The host, not started yet.</summary>
    /// <param name="endpoint">The address and roles of the node.</param>
    /// <param name="services">The services of its stages.</param>
    /// <param name="http">Where its HTTP API answers; null: it has none.</param>
    /// <param name="probes">Where its health and metrics are served; null: nowhere.</param>
    /// <param name="pbm">The port for pbm; null: none.</param>
    /// <param name="sources">The folders that jobs' lists may be in.</param>
    /// <param name="reporter">Receives notes for the user.</param>
    public static IHost Build(
        NodeEndpointOptions endpoint, NodeServices services, ControlEndpoint? http, IPEndPoint? probes, int? pbm, IReadOnlyList<string> sources, IReporter reporter)
    {
        var allowed = new AllowedSources(sources);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddEnvironmentVariables();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(services.Loggers);

        // Longer than all phases of the actor system's shutdown together.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(2));
        NodeHealth? health = null;
        if (probes is not null)
        {
            health = new NodeHealth();
            builder.Services.AddSingleton(new ProbeServer(probes, health));
            builder.Services.AddHostedService(provider => provider.GetRequiredService<ProbeServer>());
        }

        builder.Services.AddAkka(endpoint.SystemName, (akka, provider) =>
        {
            AddNode(akka, endpoint, services, allowed, builder.Configuration, reporter);
            if (pbm is int port)
            {
                var control = new LocalControl(() => Control(provider, services, allowed));
                akka.AddPetabridgeHost(port, ControlPalette.Of(control, services.Time));
            }

            if (health is not null)
            {
                akka.AddHealth(health);
            }
        });
        if (http is not null)
        {
            builder.Services.AddSingleton(provider => new ClusterFeed(() => Control(provider, services, allowed), services.Time));
            builder.Services.AddSingleton(new JobSampler(services.Stores.Root, services.Time));
            builder.Services.AddSingleton(provider => ControlApi(provider, services, allowed, http));
            builder.Services.AddHostedService(provider => provider.GetRequiredService<ClusterFeed>());
            builder.Services.AddHostedService(provider => provider.GetRequiredService<ControlApiServer>());
        }

        return builder.Build();
    }

    /// <summary>The endpoint with what its cluster keeps of its members in the store.</summary>
    public static NodeEndpointOptions WithMembers(NodeEndpointOptions endpoint, string store) =>
        endpoint with
        {
            Members = new SeedNodeFile(store, NameOf(endpoint), endpoint.Certificate is not null),
            Beats = new ControlBeatFiles(store, NameOf(endpoint)),
        };

    /// <summary>The event of a node that has started.</summary>
    public static NodeStarted Started(IHost host, NodeEndpointOptions endpoint)
    {
        Address address = Akka.Cluster.Cluster.Get(host.Services.GetRequiredService<ActorSystem>()).SelfAddress;
        return new NodeStarted($"{address.Host}:{address.Port}", endpoint.Roles, host.Services.GetService<ControlApiServer>()?.Address)
        {
            Probes = host.Services.GetService<ProbeServer>()?.Address,
        };
    }

    private static void AddNode(AkkaConfigurationBuilder akka, NodeEndpointOptions endpoint, NodeServices services, AllowedSources sources, IConfiguration environment, IReporter reporter)
    {
        endpoint = WithMembers(endpoint, services.Stores.Root);
        akka.AddKoalaSystem(endpoint with { CodecFingerprint = services.CodecFingerprint }, services.Loggers, environment, services.Time);
        bool isControl = endpoint.Roles.Contains(NodeRoles.Control);
        akka.AddStages(endpoint.Roles, services, isControl ? Store(services, sources, reporter) : null);
        if (isControl)
        {
            akka.AddMembers(services.Loggers, endpoint);
        }
    }

    private static string NameOf(NodeEndpointOptions endpoint) => $"{endpoint.PublicHost ?? endpoint.Host}:{endpoint.Port}";

    private static JobStore Store(NodeServices services, AllowedSources sources, IReporter reporter) => new(new JobStoreOptions
    {
        Root = services.Stores.Root,
        Owner = services.Stores.Owner,
        CodecFingerprint = services.CodecFingerprint,
        Sources = sources,
        Note = sentence => reporter.Report(new Note(sentence)),
        Time = services.Time,
    });

    // The server is made before the actors are started, and starts after them.
    private static ControlApiServer ControlApi(IServiceProvider provider, NodeServices services, AllowedSources sources, ControlEndpoint http) => new(
        paths =>
        {
            var cluster = Akka.Cluster.Cluster.Get(provider.GetRequiredService<ActorSystem>());
            new ControlApi(
                Control(provider, services, sources),
                () => cluster.SelfMember.Status == Akka.Cluster.MemberStatus.Up,
                provider.GetRequiredService<ClusterFeed>(),
                provider.GetRequiredService<JobSampler>(),
                services.Loggers.CreateLogger<ControlApi>()).Map(paths);
        },
        http);

    private static ControlService Control(IServiceProvider provider, NodeServices services, AllowedSources sources) =>
        new(provider.GetRequiredService<IReadOnlyActorRegistry>().Get<JobCoordinator>(), services.Stores.Root, sources: sources);
}
