using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Event;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Koalarization.Cluster.Embedding;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Koalarization.Cluster.Specs.Embedding;

/// <summary>A node of a cluster on loopback, made by the stages' own hosting extensions.</summary>
internal sealed class EmbedTestNode : IAsyncDisposable
{
    // A busy machine must not look like a lost node.
    private const string Patient = "akka.cluster.failure-detector.acceptable-heartbeat-pause = 60s";

    private readonly IHost _host;

    private EmbedTestNode(IHost host) => _host = host;

    public ActorSystem System => _host.Services.GetRequiredService<ActorSystem>();

    public Address Address => Akka.Cluster.Cluster.Get(System).SelfAddress;

    public IActorRef Client => _host.Services.GetRequiredService<IRequiredActor<EmbedClient>>().ActorRef;

    /// <summary>The embedding stage's messages that were not delivered.</summary>
    public ConcurrentQueue<string> DeadLetters { get; } = new();

    /// <summary>Starts a node and waits until it is up.</summary>
    /// <param name="parts">What it is made of.</param>
    /// <param name="roles">Its roles.</param>
    /// <param name="seed">A member; null: it founds the cluster.</param>
    public static async Task<EmbedTestNode> StartAsync(NodeServices parts, string[] roles, Address? seed = null)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAkka("koala", akka =>
        {
            akka.AddHocon(NodeConfiguration.Of(roles), HoconAddMode.Append)
                .AddHocon(Patient, HoconAddMode.Prepend)
                .ConfigureLoggers(loggers => loggers.LogLevel = Akka.Event.LogLevel.ErrorLevel)
                .WithRemoting("127.0.0.1", 0)
                .WithClustering(new ClusterOptions { Roles = roles });
            _ = roles.Contains(NodeRoles.Embed) ? akka.AddEmbedNode(parts) : akka;
            _ = roles.Contains(NodeRoles.Write) ? akka.AddEmbedClient(parts) : akka;
        });
        var node = new EmbedTestNode(builder.Build());
        await node._host.StartAsync();
        node.System.EventStream.Subscribe(node.System.ActorOf(Props.Create(() => new Listener(node.DeadLetters))), typeof(AllDeadLetters));
        var cluster = Akka.Cluster.Cluster.Get(node.System);
        await cluster.JoinAsync(seed ?? cluster.SelfAddress, new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
        return node;
    }

    /// <summary>Leaves as a node does on request.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class Listener : ReceiveActor
    {
        public Listener(ConcurrentQueue<string> letters) => Receive<AllDeadLetters>(letter =>
        {
            if (letter.Message is IWireMessage or EmbedReply or Identify or EmbedderGone)
            {
                letters.Enqueue($"{letter.Message} from {letter.Sender} to {letter.Recipient}");
            }
        });
    }
}
