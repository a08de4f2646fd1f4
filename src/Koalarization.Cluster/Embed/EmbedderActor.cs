using System.Buffers;
using Akka.Actor;
using Microsoft.Extensions.Logging;
using static Koalarization.Cluster.EmbedProtocol;

namespace Koalarization.Cluster;

/// <summary>
/// <c>/user/embedder</c>, one on each embed node: takes what it has granted, has the pictures decoded, runs them in batches across requests, and answers each request when
/// it is complete. The devices are the node's: they stay when it is started anew.
/// </summary>
internal sealed partial class EmbedderActor : ReceiveActor, IWithTimers
{
    /// <summary>The threads that decode.</summary>
    public const string DecodeDispatcher = "koala.embed-dispatcher";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly NodeParts _parts;
    private readonly DeviceRack _rack;
    private readonly ILogger _logger;
    private readonly PictureSource _source;
    private readonly string _incarnation;
    private readonly EmbedderClients _clients = new();
    private readonly InferenceLanes _lanes = new(BatchPolicy.Usual);
    private readonly Dictionary<RequestId, RequestInWork> _requests = [];
    private EmbedKey? _key;
    private IActorRef? _leaver;
    private long _sequence;
    private long _arrivals;

    /// <param name="parts">The node's.</param>
    /// <param name="rack">Its devices.</param>
    /// <param name="logger">Where it logs.</param>
    public EmbedderActor(NodeParts parts, DeviceRack rack, ILogger logger)
    {
        (_parts, _rack, _logger, _incarnation) = (parts, rack, logger, rack.NextIncarnation());
        _source = new PictureSource(parts, Context.System.Dispatchers.Lookup(DecodeDispatcher));
        Receive<DevicesLoaded>(Begin);
        Receive<DevicesFailed>(failed => GiveUp(failed.Reason));
        Receive<CreditWanted>(wanted => Hear(Sender, wanted));
        Receive<EmbedImages>(Take);
        Receive<PictureLoaded>(Loaded);
        Receive<BatchRun>(Ran);
        Receive<LaneShrunk>(Shrunk);
        Receive<Terminated>(message => Forget(message.ActorRef));
        Receive<PrepareToLeave>(Leave);
        Receive<StopServing>(_ => StopNow());
        Receive<Feed>(_ => FeedDevices());
        Receive<Tick>(_ => OnTick());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, Every);
        _ = _rack.LoadAsync().PipeTo(
            Self, success: devices => new DevicesLoaded(devices), failure: exception => new DevicesFailed(exception.GetBaseException().Message));
    }

    // Also before it is started anew: what it had is with nobody then.
    protected override void PostStop()
    {
        _key = null;
        RejectAll(RejectionReason.NotReady, "The embedder stops.");
        SayNetworks();
    }

    private void Hear(IActorRef client, CreditWanted wanted)
    {
        if (wanted.Wanted.Count == 0)
        {
            _clients.Remove(wanted.Client);
            EndLeaving();
            return;
        }

        Context.Watch(client);
        _clients.Heard(client, wanted, _key, Now);
        client.Tell(_leaver is null ? new CreditGranted(Word(wanted.Client)) : new EmbedderLeaving(_incarnation));
    }

    private void Take(EmbedImages asked)
    {
        RejectionReason? refusal =
            _key is null || _leaver is not null ? RejectionReason.NotReady
            : asked.Key != _key ? RejectionReason.OtherKey
            : !_clients.Grants.TryTake(asked.Request.Client, asked.Images.Count) ? RejectionReason.Full
            : null;
        if (refusal is RejectionReason reason)
        {
            Sender.Tell(new EmbeddingRejected(asked.Request, reason, Detail: null, Word(asked.Request.Client)));
            return;
        }

        var request = new RequestInWork(asked, Sender);
        _requests.Add(asked.Request, request);
        for (int place = 0; place < request.Images; place++)
        {
            var picture = new PictureInWork(request, place, _arrivals++);
            _ = _source.LoadAsync(asked.Data, asked.FansOut, picture.Image).PipeTo(
                Self,
                success: loaded => new PictureLoaded(picture, loaded),
                failure: exception => new PictureLoaded(picture, LoadedPicture.Unreadable(exception.Message)));
        }
    }

    private void Loaded(PictureLoaded message)
    {
        ((PictureInWork picture, LoadedPicture loaded), RequestInWork request) = (message, message.Picture.Request);
        if (loaded.Gray is byte[] gray)
        {
            picture.Ready(gray, Now);
            PutReady(picture);
            FeedDevices();
        }
        else if (request.IsEnded)
        {
            return;
        }
        else if (loaded.Fault is string fault)
        {
            Log.Unreadable(_logger, fault);
            Reject(request, RejectionReason.Unreadable, fault);
        }
        else
        {
            request.Miss(picture.Place);
            AnswerIfComplete(request);
        }
    }

    private void AnswerIfComplete(RequestInWork request)
    {
        if (request.IsComplete)
        {
            End(request);
            request.Client.Tell(new ImagesEmbedded(request.Asked.Request, request.Logits(), request.Missing, Word(request.Asked.Request.Client)));
        }
    }

    private void Reject(RequestInWork request, RejectionReason reason, string? detail)
    {
        End(request);
        request.Client.Tell(new EmbeddingRejected(request.Asked.Request, reason, detail, Word(request.Asked.Request.Client)));
    }

    private void RejectAll(RejectionReason reason, string detail)
    {
        foreach (RequestInWork request in _requests.Values.ToArray())
        {
            Reject(request, reason, detail);
        }
    }

    private void End(RequestInWork request)
    {
        request.IsEnded = true;
        _requests.Remove(request.Asked.Request);
        _clients.Grants.End(request.Asked.Request.Client, request.Images);
        _lanes.Ready.Drop(request);
        EndLeaving();
    }

    private void Forget(IActorRef client)
    {
        _clients.Remove(client);
        foreach (RequestInWork request in _requests.Values.Where(request => request.Client.Equals(client)).ToArray())
        {
            End(request);
        }

        EndLeaving();
    }

    private void Leave(PrepareToLeave message)
    {
        _leaver = Sender;
        Timers.StartSingleTimer(nameof(StopServing), StopServing.Instance, message.Patience);
        SayNetworks();
        foreach ((IActorRef client, _) in _clients.All)
        {
            client.Tell(new EmbedderLeaving(_incarnation));
        }

        EndLeaving();
    }

    // Gone are its requests and all who might send others.
    private void EndLeaving()
    {
        if (_leaver is not null && _requests.Count == 0 && _clients.IsEmpty)
        {
            _leaver.Tell(Left.Instance);
        }
    }

    private void StopNow()
    {
        RejectAll(RejectionReason.NotReady, "The node leaves.");
        _leaver.Tell(Left.Instance);
    }

    private void OnTick()
    {
        _clients.DropSilent(Now);
        SayNetworks();
        EndLeaving();
    }

    private void SayNetworks() => Context.System.EventStream.Publish(new NetworksReady(_key is null || _leaver is not null ? [] : [_key]));

    private Credit Word(string client)
    {
        bool isServing = _key is not null && _leaver is null;
        return new Credit(
            _incarnation, ++_sequence, isServing ? _key : null, _clients.Grants.Grant(client, isServing ? _lanes.Slots : 0, Now), _lanes.ImagesPerSecond,
            _clients.Grants.InWork);
    }
}
