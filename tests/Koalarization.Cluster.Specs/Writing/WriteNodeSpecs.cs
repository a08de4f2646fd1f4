using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Embedding;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Wire;
using Koalarization.Cluster.Writing;
using Koalarization.Imaging.Jpeg;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using static Koalarization.Cluster.Writing.WriteProtocol;

namespace Koalarization.Cluster.Specs.Writing;

/// <summary>A node of roles embed and write, wired as in a cluster; the coordinator is the test.</summary>
public sealed class WriteNodeSpecs : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly SampleSet _set = new();
    private readonly SampleDevice _device = new();
    private readonly CountingCodec _codec = new(JpegCodecs.Default);
    private readonly NodeStores _stores;
    private readonly System.Threading.Channels.Channel<object> _received = System.Threading.Channels.Channel.CreateUnbounded<object>();
    private readonly IHost _host;

    public WriteNodeSpecs()
    {
        _stores = new NodeStores(_set.Root, new NodeOwner("spec-owner"));
        _host = NewHost();
    }

    private IActorRef Records => _host.Services.GetRequiredService<IActorRegistry>().Get<RecordWriter>();

    public Task InitializeAsync() => _host.StartAsync();

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _stores.Dispose();
        _set.Dispose();
    }

    [Fact]
    public async Task Writes_a_record_with_the_logits_of_its_own_embedder_and_answers_again_when_it_is_asked_again()
    {
        _device.Run(1000);
        Records.Tell(SampleSet.Write());
        RecordCommitted written = await ReceivedAsync<RecordCommitted>();
        Assert.Equal(SampleSet.Pictures, written.Pictures);
        Assert.Equal(
            Enumerable.Range(0, SampleSet.Pictures).Select(i => ($"{SampleSet.Prefix}{i:D4}.jpeg", (float)i, (float)i)),
            _set.ReadRecord(0));

        // By now another entity answers, or the same on its way out.
        Records.Tell(SampleSet.Write());
        Assert.Equal(written, await ReceivedAsync<RecordCommitted>());
    }

    [Fact]
    public async Task Decodes_each_picture_once_where_the_embedder_is_its_own()
    {
        _device.Run(1000);
        Records.Tell(SampleSet.Write());
        await ReceivedAsync<RecordCommitted>();
        Assert.Equal(SampleSet.Pictures, _codec.Decoded);
    }

    [Fact]
    public async Task A_node_that_stops_in_the_middle_of_a_record_leaves_nothing_of_it()
    {
        _device.Run(2);
        Records.Tell(SampleSet.Write());
        await _device.Waits.WaitAsync(Timeout);
        await ReceivedAsync<RecordProgress>();
        await _host.StopAsync();
        _stores.Dispose();
        Assert.Empty(_set.RecordFiles());
    }

    private async Task<T> ReceivedAsync<T>()
    {
        using var timeout = new CancellationTokenSource(Timeout);
        while (true)
        {
            if (await _received.Reader.ReadAsync(timeout.Token) is T message)
            {
                return message;
            }
        }
    }

    private IHost NewHost()
    {
        int port = FreePort();
        var parts = new NodeServices
        {
            Stores = _stores,
            Codec = _codec,
            CodecFingerprint = SampleSet.Job.CodecFingerprint,
            MaxPixels = 1_000_000,
            Epochs = new EpochGuard((_, _) => true),
            Listener = new SilentListener(),
            Devices = [() => Task.FromResult<IInferenceDevice>(_device)],
        };
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddAkka("koala", akka => akka
            .AddHocon(NodeConfiguration.Of([NodeRoles.Embed, NodeRoles.Write]), HoconAddMode.Append)
            .WithRemoting("127.0.0.1", port)
            .WithClustering(new ClusterOptions
            {
                Roles = [NodeRoles.Embed, NodeRoles.Write, WriteRegion.RoleOf(parts.CodecFingerprint)],
                SeedNodes = [$"akka.tcp://koala@127.0.0.1:{port}"],
            })
            .AddEmbedNode(parts)
            .WithActors((system, registry) => registry.Register<JobCoordinator>(system.ActorOf(Props.Create(() => new Ear(_received.Writer)))))
            .AddEmbedClient(parts)
            .AddWriteNode(parts, registry => registry.Get<JobCoordinator>()));
        return builder.Build();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Ear : ReceiveActor
    {
        public Ear(System.Threading.Channels.ChannelWriter<object> received) => ReceiveAny(message => received.TryWrite(message));
    }
}
