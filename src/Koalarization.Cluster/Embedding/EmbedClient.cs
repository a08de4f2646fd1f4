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
    private const int MaxRestarts = 3;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly string _name;
    private readonly IActorRef _router;
    private readonly ILogger _logger;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly EmbedRequestQueue<IActorRef> _queue = new();

    /// <param name="name">Names the client's next start: process and count.</param>
    /// <param name="router">The way to the embedders.</param>
    /// <param name="logger">Where it logs.</param>
    public EmbedClient(Func<string> name, IActorRef router, ILogger logger)
    {
        (_name, _router, _logger) = (name(), router, logger);
        Receive<EmbedForRecord>(ask => Add(new PendingRequest<IActorRef>(Sender, ask)));
        Receive<AskedBeforeRestart>(OnAskedBeforeRestart);
        Receive<WindowAnnounced>(OnWindow);
        Receive<ImagesEmbedded>(OnEmbedded);
        Receive<EmbeddingRejected>(OnRejected);
        Receive<EmbedderGone>(OnGone);
        Receive<ClusterEvent.MemberDowned>(change => OnLost(change.Member));
        Receive<ClusterEvent.MemberRemoved>(change => OnLost(change.Member));
        Receive<ClusterEvent.UnreachableMember>(change => OnLost(change.Member));
        Receive<Tick>(_ => OnTick());
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

    protected override void PreRestart(Exception reason, object message)
    {
        foreach (PendingRequest<IActorRef> request in _queue.Requests.ToArray())
        {
            Self.Tell(new AskedBeforeRestart(request.Ask, request.Restarts + 1), request.Owner);
        }

        _cluster.Unsubscribe(Self);
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        _queue.Abandon("This node stops.");
        Answer();
    }

    private void Add(PendingRequest<IActorRef> request)
    {
        if (_queue.TryAdd(request))
        {
            AnswerAndSend();
        }
        else
        {
            request.Owner.Tell(new EmbeddingFailed(request.Ask, $"More than {EmbedRequestQueue<IActorRef>.MaxRequests} requests for logits wait."));
        }
    }

    private void OnAskedBeforeRestart(AskedBeforeRestart before)
    {
        if (before.Restarts > MaxRestarts)
        {
            Sender.Tell(new EmbeddingFailed(before.Ask, "This node has failed several times while it had these pictures."));
            return;
        }

        Add(new PendingRequest<IActorRef>(Sender, before.Ask) { Restarts = before.Restarts });
    }

    private void OnWindow(WindowAnnounced message)
    {
        // What comes from a node that cannot be reached does not mean that a request would get there.
        Address embedder = SenderAddress;
        if (!_cluster.State.Unreachable.Any(member => member.Address == embedder))
        {
            _queue.Announced(embedder, message.Window, Now);
            AnswerAndSend();
        }
    }

    private void OnEmbedded(ImagesEmbedded message)
    {
        if (IsOwn(message.Request))
        {
            _queue.Answered(message.Request.Number, SenderAddress, message.Logits, message.Undecodable, message.Window, Now);
            AnswerAndSend();
        }
    }

    private void OnRejected(EmbeddingRejected message)
    {
        if (IsOwn(message.Request))
        {
            Log.Rejected(_logger, SenderAddress, message.Reason, message.Detail);
            _queue.Rejected(message.Request.Number, SenderAddress, message.Reason, message.Detail, message.Window, Now);
            AnswerAndSend();
        }
    }

    private void OnGone(EmbedderGone message)
    {
        if (IsOwn(message.Request))
        {
            _queue.NotSent(message.Request.Number);
            AnswerAndSend();
        }
    }

    private void OnLost(Member member)
    {
        if (_queue.Lost(member.Address))
        {
            Log.Lost(_logger, member.Address);
            AnswerAndSend();
        }
    }

    private void OnTick()
    {
        if (_queue.Expire(Now) is int expired and > 0)
        {
            Log.Expired(_logger, expired);
        }

        AnswerAndSend();
    }

    private void AnswerAndSend()
    {
        Answer();
        foreach (Dispatch dispatch in _queue.TakeDispatches(Now))
        {
            EmbedForRecord ask = dispatch.Ask;
            _router.Tell(new EmbedRequestEnvelope(
                dispatch.To, new EmbedImages(new RequestId(_name, dispatch.Number), ask.Key, ask.Data, ask.FansOut, ask.Images)));
        }
    }

    private void Answer()
    {
        foreach ((IActorRef owner, EmbedReply reply) in _queue.TakeReplies())
        {
            owner.Tell(reply);
        }
    }

    private bool IsOwn(RequestId request) => string.Equals(request.Client, _name, StringComparison.Ordinal);

    private sealed record Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    private sealed record AskedBeforeRestart(EmbedForRecord Ask, int Restarts) : INoSerializationVerificationNeeded;

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
