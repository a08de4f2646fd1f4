using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Wire;
using Koalarization.Imaging.Jpeg;
using Koalarization.Pipeline.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Koalarization.Cluster.Specs.Coordination;

/// <summary>The coordinator as a control node has it: a cluster of one, the way to it, and its members.</summary>
public sealed class CoordinatorHostingSpecs : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_control_node_answers_by_the_way_that_every_node_has()
    {
        using var stores = new NodeStores(_folder.Path, new NodeOwner("this"));
        var parts = new NodeServices
        {
            Stores = stores,
            Codec = JpegCodecs.Skia,
            CodecFingerprint = ActiveJobsTests.Codec,
            MaxPixels = 1,
            Listener = null!,
        };
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddAkka("koala", akka => akka
            .AddHocon("akka.loglevel = WARNING", HoconAddMode.Prepend)
            .WithRemoting("127.0.0.1", 0)
            .WithClustering(new ClusterOptions { Roles = [NodeRoles.Control] })
            .AddCoordinator(parts, new FakeJobStore(_folder.Path))
            .AddStartup((system, _) => Akka.Cluster.Cluster.Get(system).Join(Akka.Cluster.Cluster.Get(system).SelfAddress)));
        using IHost host = builder.Build();
        await host.StartAsync();
        IActorRef coordinator = host.Services.GetRequiredService<IActorRegistry>().Get<JobCoordinator>();

        JobsProtocol.JobAccepted accepted = await coordinator.Ask<JobsProtocol.JobAccepted>(new JobsProtocol.SubmitJob(ActiveJobsTests.Spec("set")), Timeout);
        JobsProtocol.NodeList nodes = await coordinator.Ask<JobsProtocol.NodeList>(new JobsProtocol.GetNodes(), Timeout);

        Assert.Equal(JobId.Of("set"), accepted.Job);
        Assert.Equal(("Up", NodeRoles.Control), (Assert.Single(nodes.Nodes).State, nodes.Nodes[0].Roles[0]));
        await host.StopAsync();
    }

    public void Dispose() => _folder.Dispose();
}
