using Akka.Actor;
using Akka.Hosting;
using Koalarization.Cluster.Control;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.HostLimits;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Membership;
using Koalarization.Koala.Control;
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
    /// <param name="place">Where the node is.</param>
    /// <param name="parts">What it works with.</param>
    /// <param name="http">The port of its HTTP API; null: none.</param>
    /// <param name="reporter">Where it says what a user should know.</param>
    public static IHost Build(NodeEndpointOptions place, NodeServices parts, int? http, IReporter reporter)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddEnvironmentVariables();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(parts.Loggers);

        // Longer than all phases of the actor system's shutdown together.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(2));
        builder.Services.AddAkka(KoalaSystemHostingExtensions.SystemName, akka => AddNode(akka, place, parts, builder.Configuration, reporter));
        if (http is int port)
        {
            builder.Services.AddSingleton(services => ControlApi(services, parts, port));
            builder.Services.AddHostedService(services => services.GetRequiredService<ControlApiServer>());
        }

        return builder.Build();
    }

    /// <summary>What a node says when it has started.</summary>
    public static NodeStarted Started(IHost host, NodeEndpointOptions place)
    {
        Address address = Akka.Cluster.Cluster.Get(host.Services.GetRequiredService<ActorSystem>()).SelfAddress;
        return new NodeStarted($"{address.Host}:{address.Port}", place.Roles, host.Services.GetService<ControlApiServer>()?.Address);
    }

    private static void AddNode(AkkaConfigurationBuilder akka, NodeEndpointOptions place, NodeServices parts, IConfiguration environment, IReporter reporter)
    {
        var book = new SeedNodeFile(parts.Stores.Root, $"{place.PublicHost ?? place.Host}:{place.Port}");
        akka.AddKoalaSystem(place with { Members = book, CodecFingerprint = parts.CodecFingerprint }, parts.Loggers, environment);
        bool isControl = place.Roles.Contains(NodeRoles.Control);
        akka.AddStages(place.Roles, parts, isControl ? Store(parts, reporter) : null, ClusterHostPermits.Factory(parts.Stores.Owner, parts.Harvest));
        if (isControl)
        {
            akka.AddMembers(parts, book);
        }
    }

    private static JobStore Store(NodeServices parts, IReporter reporter) => new(new JobStoreOptions
    {
        Root = parts.Stores.Root,
        Owner = parts.Stores.Owner,
        CodecFingerprint = parts.CodecFingerprint,
        Note = sentence => reporter.Report(new Note(sentence)),
        Time = parts.Time,
    });

    // The server is made before the actors are started, and starts after them.
    private static ControlApiServer ControlApi(IServiceProvider services, NodeServices parts, int port) => new(
        paths =>
        {
            var cluster = Akka.Cluster.Cluster.Get(services.GetRequiredService<ActorSystem>());
            IActorRef coordinator = services.GetRequiredService<IReadOnlyActorRegistry>().Get<JobCoordinator>();
            new ControlApi(new ControlService(coordinator, parts.Stores.Root), () => cluster.SelfMember.Status == Akka.Cluster.MemberStatus.Up).Map(paths);
        },
        port);
}
