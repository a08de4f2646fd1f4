using Akka.Actor;
using Akka.Cluster;
using Microsoft.Extensions.Logging;
using static Koalarization.Cluster.Embedding.EmbedProtocol;

namespace Koalarization.Cluster.Embedding;

/// <summary>
/// <c>/user/embed-client</c>, one on each write node: gets logits for the writers of records. It knows the embedders by the windows that they announce, and sends
/// what these have room for; a request waits as long as there is no embedder of its network. The membership shows which embedders are lost.
/// </summary>
internal sealed partial class EmbedClient : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly IActorRef _router;
    private readonly ILogger _logger;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly EmbedRequestQueue _queue;

    /// <param name="name">Names the client's next start: process and count.</param>
    /// <param name="router">The way to the embedders.</param>
    /// <param name="logger">Where it logs.</param>
    public EmbedClient(Func<string> name, IActorRef router, ILogger logger)
    {
        (_queue, _router, _logger) = (new EmbedRequestQueue(name(), (owner, reply) => owner.Tell(reply)), router, logger);
        On<EmbedForRecord>(ask => _queue.Add(new PendingRequest(Sender, ask) { AskedAt = Now }));
        On<PendingRequest>(_queue.AddAgain);
        On<WindowAnnounced>(OnWindow);
        On<ImagesEmbedded>(answer => _queue.Answered(SenderAddress, answer, Now));
        On<EmbeddingRejected>(OnRejected);
        On<EmbedderGone>(_queue.NotSent);
        On<ClusterEvent.IMemberEvent>(change => OnLost(change.Member));
        On<ClusterEvent.UnreachableMember>(change => OnLost(change.Member));
        On<Tick>(_ => OnTick());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private Address SenderAddress => Sender.Path.Address.HasGlobalScope ? Sender.Path.Address : _cluster.SelfAddress;

    protected override void PreStart()
    {
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.MemberDowned),
            typeof(ClusterEvent.MemberRemoved),
            typeof(ClusterEvent.UnreachableMember));
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, Every);
    }

    // The next start takes in what was not answered, each before the others: the latest comes first.
    protected override void PreRestart(Exception reason, object message)
    {
        foreach (PendingRequest request in _queue.Unanswered.Reverse())
        {
            Self.Tell(request);
        }

        _cluster.Unsubscribe(Self);
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        _queue.Abandon("This node stops.");
    }

    // Whatever comes may make room for what waits.
    private void On<TMessage>(Action<TMessage> apply) => Receive<TMessage>(message =>
    {
        apply(message);
        foreach (Dispatch dispatch in _queue.TakeDispatches(Now))
        {
            EmbedInstruments.Wait.Record((Now - dispatch.Request.AskedAt).TotalSeconds);
            EmbedForRecord ask = dispatch.Ask;
            _router.Tell(new EmbedRequestEnvelope(dispatch.To, new EmbedImages(dispatch.Id, ask.Key, ask.Data, ask.FansOut, ask.Images)));
        }

        EmbedInstruments.Requests.Record(_queue.Unanswered.Count);
    });

    private void OnWindow(WindowAnnounced message)
    {
        // What comes from a node that cannot be reached does not mean that a request would get there.
        Address embedder = SenderAddress;
        if (!_cluster.State.Unreachable.Any(member => member.Address == embedder))
        {
            _queue.Announced(embedder, message.Window, Now);
        }
    }

    private void OnRejected(EmbeddingRejected rejection)
    {
        Log.Rejected(_logger, SenderAddress, rejection.Reason, rejection.Detail);
        _queue.Rejected(SenderAddress, rejection, Now);
    }

    private void OnLost(Member member)
    {
        if (_queue.Lost(member.Address))
        {
            Log.Lost(_logger, member.Address);
        }
    }

    private void OnTick()
    {
        if (_queue.Expire(Now) is int expired and > 0)
        {
            Log.Expired(_logger, expired);
        }
    }

    private sealed record Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "Embedder {Embedder} rejected a request: {Reason} {Detail}")]
        public static partial void Rejected(ILogger logger, Address embedder, RejectionReason reason, string? detail);

        [LoggerMessage(Level = LogLevel.Information, Message = "Embedder {Embedder} is gone; its requests are sent to others")]
        public static partial void Lost(ILogger logger, Address embedder);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Requests} embedding requests timed out; they are sent to other embedders")]
        public static partial void Expired(ILogger logger, int requests);
    }
}
