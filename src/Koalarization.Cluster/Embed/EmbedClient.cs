using Akka.Actor;
using Akka.Cluster;
using Microsoft.Extensions.Logging;
using static Koalarization.Cluster.EmbedProtocol;

namespace Koalarization.Cluster;

/// <summary>
/// <c>/user/embed-client</c>, one on each write node: gets logits for the writers of records, from whichever embedders there are. It knows them from the membership, tells
/// them what it could use, and sends what they have granted. What it is asked waits as long as nobody can serve it.
/// </summary>
internal sealed partial class EmbedClient : ReceiveActor, IWithTimers
{
    private const int MostStarts = 3;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly string _name;
    private readonly IActorRef _router;
    private readonly ILogger _logger;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly EmbedDesk<IActorRef> _desk = new();
    private readonly EmbedderDirectory _embedders = new();
    private Dictionary<EmbedKey, int> _said = [];
    private bool _isAboutToSpeak;

    /// <param name="name">Names the client's next start: process and count.</param>
    /// <param name="router">The way to the embedders.</param>
    /// <param name="logger">Where it logs.</param>
    public EmbedClient(Func<string> name, IActorRef router, ILogger logger)
    {
        (_name, _router, _logger) = (name(), router, logger);
        Receive<EmbedForRecord>(ask => Take(new AskedGroup<IActorRef>(Sender, ask)));
        Receive<AskedBefore>(TakeAgain);
        Receive<ImagesEmbedded>(message => Answered(message));
        Receive<EmbeddingRejected>(message => Rejected(message));
        Receive<CreditGranted>(message => Then(() => _desk.Hear(SenderAddress, message.Credit, Now)));
        Receive<EmbedderLeaving>(LeaveAlone);
        Receive<EmbedderGone>(message => Then(() => IfOwn(message.Request, _desk.NotSent)));
        Receive<ActorIdentity>(Found);
        Receive<Terminated>(message => Then(() => Stopped(message.ActorRef)));
        Receive<ClusterEvent.IMemberEvent>(change => Then(() => Changed(change.Member)));
        Receive<ClusterEvent.UnreachableMember>(change => Then(() => Reach(change.Member, isReachable: false)));
        Receive<ClusterEvent.ReachableMember>(change => Then(() => Reach(change.Member, isReachable: true)));
        Receive<Speak>(_ => SayWanted());
        Receive<Tick>(_ => OnTick());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private Address SenderAddress => AddressOf(Sender);

    protected override void PreStart()
    {
        _cluster.Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, Every);
    }

    protected override void PreRestart(Exception reason, object message)
    {
        foreach (AskedGroup<IActorRef> group in _desk.Groups.ToArray())
        {
            Self.Tell(new AskedBefore(group.Ask, group.Starts + 1), group.Asker);
        }

        _cluster.Unsubscribe(Self);
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        _desk.Abandon("This node stops.");
        TellReplies();
    }

    private void Take(AskedGroup<IActorRef> group)
    {
        if (_desk.TryAdd(group))
        {
            Flush();
        }
        else
        {
            group.Asker.Tell(new EmbeddingUnreadable(group.Ask, $"More than {EmbedDesk<IActorRef>.MostGroups} groups of pictures wait."));
        }
    }

    private void TakeAgain(AskedBefore before)
    {
        if (before.Starts > MostStarts)
        {
            Sender.Tell(new EmbeddingUnreadable(before.Ask, "This node has failed several times while it had these pictures."));
            return;
        }

        Take(new AskedGroup<IActorRef>(Sender, before.Ask) { Starts = before.Starts });
    }

    private void Answered(ImagesEmbedded message) => Then(() =>
    {
        if (IsOwn(message.Request))
        {
            _desk.Answered(message.Request.Number, SenderAddress, message.Logits, message.Missing, message.Credit, Now);
        }
    });

    private void Rejected(EmbeddingRejected message) => Then(() =>
    {
        if (IsOwn(message.Request))
        {
            Log.Rejected(_logger, SenderAddress, message.Reason, message.Detail);
            _desk.Rejected(message.Request.Number, SenderAddress, message.Reason, message.Detail, message.Credit, Now);
        }
    });

    private void OnTick()
    {
        if (_desk.Expire(Now) is int expired and > 0)
        {
            Log.Expired(_logger, expired);
        }

        Identify();
        SayWanted();
        Flush();
    }

    private void Then(Action change)
    {
        change();
        Flush();
    }

    // What can be sent goes out; what is wanted is said when it has grown. A burst of questions is one word, said after the last of them.
    private void Flush()
    {
        TellReplies();
        foreach (EmbedSending sending in _desk.Send(Now))
        {
            EmbedForRecord ask = sending.Ask;
            _router.Tell(new EmbedRequestEnvelope(
                sending.To, new EmbedImages(new RequestId(_name, sending.Number), ask.Key, ask.Data, ask.FansOut, ask.Images)));
        }

        if (!_isAboutToSpeak && _desk.Wanted.Any(wanted => wanted.Value > _said.GetValueOrDefault(wanted.Key) * 5 / 4))
        {
            _isAboutToSpeak = true;
            Self.Tell(Speak.Instance);
        }
    }

    private void TellReplies()
    {
        foreach ((IActorRef asker, EmbedReply reply) in _desk.TakeReplies())
        {
            asker.Tell(reply);
        }
    }

    private void SayWanted()
    {
        _isAboutToSpeak = false;
        if (_said.Count == 0 && _desk.Wanted.Count == 0)
        {
            return;
        }

        _said = new Dictionary<EmbedKey, int>(_desk.Wanted);
        CreditWanted word = Word();
        foreach (IActorRef embedder in _embedders.Present)
        {
            embedder.Tell(word);
        }
    }

    private CreditWanted Word() => new(_name, [.. _desk.Wanted.Select(wanted => new ClientDemand(wanted.Key, wanted.Value))]);

    private bool IsOwn(RequestId request) => string.Equals(request.Client, _name, StringComparison.Ordinal);

    private void IfOwn(RequestId request, Action<long> then)
    {
        if (IsOwn(request))
        {
            then(request.Number);
        }
    }

    private Address AddressOf(IActorRef actor) => actor.Path.Address.HasGlobalScope ? actor.Path.Address : _cluster.SelfAddress;
}
