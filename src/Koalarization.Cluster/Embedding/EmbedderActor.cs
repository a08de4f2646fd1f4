using Akka.Actor;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Hosting;
using Microsoft.Extensions.Logging;
using static Koalarization.Cluster.Embedding.EmbedProtocol;

namespace Koalarization.Cluster.Embedding;

/// <summary>
/// <c>/user/embedder</c>, one on each embed node: announces windows to the clients, has the pictures of their requests decoded, runs them in batches across requests,
/// and answers each request when it is complete. The devices are the node's: they outlive a restart of the actor.
/// </summary>
internal sealed partial class EmbedderActor : ReceiveActor, IWithTimers
{
    /// <summary>The threads that decode.</summary>
    public const string DecodeDispatcher = "koala.embed-dispatcher";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly NodeServices _services;
    private readonly DevicePool _pool;
    private readonly Func<IEnumerable<Address>> _writeNodes;
    private readonly ILogger _logger;
    private readonly PictureSource _source;
    private readonly string _incarnation;
    private readonly Address _self = ((ExtendedActorSystem)Context.System).Provider.DefaultAddress;
    private readonly ClientWindows<Address> _windows = new();
    private readonly BatchScheduler _batches = new(BatchPolicy.Default);
    private readonly HashSet<RequestInWork> _requests = [];
    private EmbedKey? _key;
    private IActorRef? _leaver;
    private long _sequence;
    private long _arrivals;

    /// <param name="services">The node's.</param>
    /// <param name="pool">Its devices.</param>
    /// <param name="writeNodes">The members that have a client now.</param>
    /// <param name="logger">Where it logs.</param>
    public EmbedderActor(NodeServices services, DevicePool pool, Func<IEnumerable<Address>> writeNodes, ILogger logger)
    {
        (_services, _pool, _writeNodes, _logger, _incarnation) = (services, pool, writeNodes, logger, pool.NextIncarnation());
        _source = new PictureSource(services, Context.System.Dispatchers.Lookup(DecodeDispatcher));
        Receive<DevicesLoaded>(OnDevicesLoaded);
        Receive<DevicesFailed>(failed => StopEmbedding(failed.Reason));
        Receive<EmbedImages>(OnRequest);
        Receive<PictureLoaded>(OnPictureLoaded);
        Receive<BatchRun>(OnBatchRun);
        Receive<BatchHalved>(OnBatchHalved);
        Receive<Terminated>(message => DropRequests(message.ActorRef));
        Receive<PrepareToLeave>(OnPrepareToLeave);
        Receive<StopServing>(_ => RejectAll(RejectionReason.NotReady, "The node leaves."));
        Receive<BatchDue>(_ => FeedDevices());
        Receive<Announce>(_ => PublishState());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    // Null: nothing is served.
    private EmbedKey? Served => _leaver is null ? _key : null;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Announce), Announce.Instance, Every);
        _ = _pool.LoadAsync().PipeTo(
            Self, success: devices => new DevicesLoaded(devices), failure: exception => new DevicesFailed(exception.GetBaseException().Message));
    }

    // Also before a restart, which begins with nothing.
    protected override void PostStop()
    {
        _key = null;
        RejectAll(RejectionReason.NotReady, "The embedder stops.");
        PublishNetworks();
    }

    private void OnDevicesLoaded(DevicesLoaded loaded)
    {
        foreach (IInferenceDevice device in loaded.Devices)
        {
            _batches.Add(new DeviceQueue(device, _services.Time));
        }

        (string weights, string precision) = loaded.Devices[0].Network;
        _key = new EmbedKey(weights, precision, _services.CodecFingerprint);
        Log.Ready(_logger, _key, loaded.Devices.Count, _batches.Capacity);
        PublishState();
    }

    private void OnRequest(EmbedImages asked)
    {
        Address from = Sender.Path.Address.HasGlobalScope ? Sender.Path.Address : _self;
        RejectionReason? refusal =
            Served is null ? RejectionReason.NotReady
            : asked.Key != Served ? RejectionReason.OtherKey
            : !_windows.TryTake(from, asked.Images.Count, _batches.Capacity) ? RejectionReason.Full
            : null;
        if (refusal is RejectionReason reason)
        {
            Sender.Tell(new EmbeddingRejected(asked.Request, reason, Detail: null, WindowOf(from)));
            return;
        }

        Context.Watch(Sender);
        var request = new RequestInWork(asked, Sender, from);
        _requests.Add(request);
        for (int index = 0; index < request.Images; index++)
        {
            var picture = new PictureInWork(request, index, _arrivals++);
            _ = _source.LoadAsync(asked.Data, asked.FansOut, picture.Image).PipeTo(
                Self,
                success: loaded => new PictureLoaded(picture, loaded),
                failure: exception => new PictureLoaded(picture, LoadedPicture.Unreadable(exception.Message)));
        }
    }

    private void OnPictureLoaded(PictureLoaded message)
    {
        (PictureInWork picture, LoadedPicture loaded) = message;
        if (loaded.Gray is byte[] gray)
        {
            picture.Ready(gray, Now);
        }

        if (IsDropped(picture))
        {
            return;
        }

        if (loaded.Fault is string fault)
        {
            Log.Unreadable(_logger, fault);
            Reject(picture.Request, RejectionReason.Unreadable, fault);
        }
        else if (loaded.Gray is null)
        {
            picture.Request.SetMissing(picture.Index);
            AnswerIfComplete(picture.Request);
        }
        else
        {
            _batches.Add(picture);
            FeedDevices();
        }
    }

    private void FeedDevices()
    {
        while (_batches.Next(Now) is (DeviceQueue device, IReadOnlyList<PictureInWork> pictures))
        {
            _ = device.RunAsync(pictures).PipeTo(Self);
        }

        EmbedInstruments.Queue.Record(_batches.Waiting);
        if (_batches.NextDue(Now) is TimeSpan wait && !Timers.IsTimerActive(nameof(BatchDue)))
        {
            Timers.StartSingleTimer(nameof(BatchDue), BatchDue.Instance, wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1));
        }
    }

    private void OnBatchRun(BatchRun run)
    {
        run.Device.Ended(run);
        EmbedInstruments.BatchEnded(run, _services.Time);
        if (run.Failure is OperationCanceledException)
        {
            // The device is disposed of: the process ends.
            return;
        }

        if (run.Failure is null)
        {
            _services.Activity.Embedded(run.Pictures.Count);
            Trace(run);
            _services.Activity.DeviceRan(run.Device.LastTook / Math.Max(1, _services.Devices.Count));
        }

        foreach ((int index, PictureInWork picture) in run.Pictures.Index())
        {
            if (IsDropped(picture))
            {
                continue;
            }

            if (run.Failure is null)
            {
                picture.Release();
                picture.Request.SetLogits(picture.Index, run.Logits.AsSpan(index * Logits, Logits));
                AnswerIfComplete(picture.Request);
            }
            else
            {
                // It goes to whichever device is free, in a batch that this can take.
                _batches.Add(picture);
            }
        }

        // After a restart the batches of before come back from queues that are not in use any more.
        if (_batches.Has(run.Device))
        {
            if (run is { Failure: Exception failure, Device.IsFailed: true })
            {
                OnDeviceFailed(failure);
            }
            else if (run.Device is { IsTooLarge: true, OnDevice: 0 } device)
            {
                Log.Halving(_logger, device.BatchSize, device.BatchSize / 2);
                _ = device.HalveAsync().PipeTo(Self, Self, () => new BatchHalved(device, Failure: null), exception => new BatchHalved(device, exception));
            }
        }

        FeedDevices();
    }

    private void Trace(BatchRun run)
    {
        if (PictureTrace.IsOn)
        {
            TimeSpan took = _services.Time.GetElapsedTime(run.Began, run.Ended);
            foreach (PictureInWork picture in run.Pictures)
            {
                PictureTrace.Ended("embed", picture.Request.Asked.Data, picture.Image.Name, took, ("koala.batch", run.Pictures.Count));
            }
        }
    }

    private void OnBatchHalved(BatchHalved message)
    {
        if (message.Failure is Exception failure)
        {
            message.Device.IsFailed = true;
            OnDeviceFailed(failure);
        }
        else
        {
            message.Device.Halved();
        }

        FeedDevices();
    }

    private void OnDeviceFailed(Exception failure)
    {
        Log.DeviceFailed(_logger, failure);
        if (!_batches.IsUsable)
        {
            StopEmbedding(failure.Message);
        }
    }

    private void StopEmbedding(string reason)
    {
        _key = null;
        Log.CannotEmbed(_logger, reason);
        RejectAll(RejectionReason.DeviceFailed, reason);
        PublishState();
        _services.Listener.DeviceLost(reason);
        Context.System.EventStream.Publish(new DeviceLost(reason));
    }

    // A request that has been answered, here or before a restart, needs its pictures no more.
    private bool IsDropped(PictureInWork picture)
    {
        if (_requests.Contains(picture.Request))
        {
            return false;
        }

        picture.Release();
        return true;
    }

    private void AnswerIfComplete(RequestInWork request)
    {
        if (request.IsComplete)
        {
            End(request);
            request.Client.Tell(new ImagesEmbedded(request.Asked.Request, request.Logits(), request.Undecodable, WindowOf(request.From)));
        }
    }

    private void Reject(RequestInWork request, RejectionReason reason, string? detail)
    {
        End(request);
        request.Client.Tell(new EmbeddingRejected(request.Asked.Request, reason, detail, WindowOf(request.From)));
    }

    private void RejectAll(RejectionReason reason, string detail)
    {
        foreach (RequestInWork request in _requests.ToArray())
        {
            Reject(request, reason, detail);
        }
    }

    private void DropRequests(IActorRef client)
    {
        foreach (RequestInWork request in _requests.Where(request => request.Client.Equals(client)).ToArray())
        {
            End(request);
        }
    }

    private void End(RequestInWork request)
    {
        _requests.Remove(request);
        _windows.End(request.From, request.Images);
        _batches.Remove(request);
        EndLeaving();
    }

    // A request in transit gets a typed rejection: the actor lives until the node has left the cluster, which takes longer than a message.
    private void OnPrepareToLeave(PrepareToLeave message)
    {
        _leaver = Sender;
        Timers.StartSingleTimer(nameof(StopServing), StopServing.Instance, message.Timeout);
        PublishState();
        EndLeaving();
    }

    private void EndLeaving()
    {
        if (_requests.Count == 0)
        {
            _leaver?.Tell(Left.Instance);
        }
    }

    private void PublishState()
    {
        PublishNetworks();
        foreach (Address node in _writeNodes())
        {
            Context.ActorSelection(new RootActorPath(node) / "user" / ClientName).Tell(new WindowAnnounced(WindowOf(node)));
        }
    }

    private void PublishNetworks() => Context.System.EventStream.Publish(new NetworksReady(Served is EmbedKey key ? [key] : []));

    private EmbedWindow WindowOf(Address client) => new(
        _incarnation, ++_sequence, Served, Served is null ? 0 : _windows.Of(client, _batches.Capacity), _batches.ImagesPerSecond, _windows.InWork);

    /// <summary>Announces a window to each client; also sent by a timer.</summary>
    public sealed record Announce : INoSerializationVerificationNeeded
    {
        public static readonly Announce Instance = new();
    }

    /// <summary>Take nothing new, and answer <see cref="Left"/> when all requests have been answered; after <paramref name="Timeout"/> the rest is rejected.</summary>
    public sealed record PrepareToLeave(TimeSpan Timeout) : INoSerializationVerificationNeeded;

    /// <summary>No request is left.</summary>
    public sealed record Left : INoSerializationVerificationNeeded
    {
        public static readonly Left Instance = new();
    }

    private sealed record DevicesLoaded(IReadOnlyList<IInferenceDevice> Devices) : INoSerializationVerificationNeeded;

    private sealed record DevicesFailed(string Reason) : INoSerializationVerificationNeeded;

    private sealed record PictureLoaded(PictureInWork Picture, LoadedPicture Loaded) : INoSerializationVerificationNeeded;

    private sealed record BatchHalved(DeviceQueue Device, Exception? Failure) : INoSerializationVerificationNeeded;

    private sealed record BatchDue : INoSerializationVerificationNeeded
    {
        public static readonly BatchDue Instance = new();
    }

    private sealed record StopServing : INoSerializationVerificationNeeded
    {
        public static readonly StopServing Instance = new();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Ready to embed with {Key}: {Devices} device(s), {Pictures} pictures in flight")]
        public static partial void Ready(ILogger logger, EmbedKey key, int devices, int pictures);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Device out of memory with {Pictures} pictures; batches reduced to {Fewer}")]
        public static partial void Halving(ILogger logger, int pictures, int fewer);

        [LoggerMessage(Level = LogLevel.Error, Message = "Device failed")]
        public static partial void DeviceFailed(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Error, Message = "Embedding stopped: {Reason}")]
        public static partial void CannotEmbed(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Picture cannot be embedded: {Fault}")]
        public static partial void Unreadable(ILogger logger, string fault);
    }
}
