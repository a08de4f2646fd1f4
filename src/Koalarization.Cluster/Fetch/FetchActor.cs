using System.Runtime.ExceptionServices;
using Akka.Actor;
using Koalarization.Harvest;

namespace Koalarization.Cluster;

/// <summary>
/// One link, one try, one outcome. A final outcome is told to the downloader; one that may be another the next time is thrown, and supervision starts the
/// fetch anew; so is every exception that nobody expects.
/// </summary>
internal sealed class FetchActor : UntypedActor
{
    private readonly LinkTry _try;
    private readonly HostPlace? _place;
    private readonly IWeb _web;
    private readonly HarvestGate _gate;
    private readonly RetryOptions _retry;
    private readonly CancellationTokenSource _stopping;
    private bool _isBack;

    private FetchActor(LinkTry @try, HostPlace? place, IWeb web, HarvestGate gate, RetryOptions retry)
    {
        _try = @try;
        _place = place;
        _web = web;
        _gate = gate;
        _retry = retry;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(@try.Request.Cancellation);
    }

    /// <param name="try">Which.</param>
    /// <param name="place">Its place at the host, which it gives back; null: none is needed.</param>
    /// <param name="web">Tries links.</param>
    /// <param name="gate">Takes the place back.</param>
    /// <param name="retry">When a link is tried again.</param>
    public static Props Props(LinkTry @try, HostPlace? place, IWeb web, HarvestGate gate, RetryOptions retry) =>
        Akka.Actor.Props.CreateBy(new Producer(() => new FetchActor(@try, place, web, gate, retry)));

    protected override void PreStart() => _ = FetchAsync().PipeTo(Self, success: outcome => new Came(outcome));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Came came:
                Return(came.Outcome);
                break;
            case Judged { Stands: true } judged:
                Decide(judged.Outcome, failedBefore: true);
                break;
            case Judged:
                Reply(new LinkProtocol.TryNotCounted(_try));
                break;
            case Status.Failure failure:
                Fail(failure.Cause);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop()
    {
        if (!_isBack && _place is { } place)
        {
            _gate.Return(place, outcome: null, _try.FailedBefore);
        }

        _stopping.Cancel();
        _stopping.Dispose();
    }

    // What fails before its first wait must fail here as well, not in PreStart.
    private async Task<FetchOutcome> FetchAsync()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, _place?.Expiry ?? CancellationToken.None);
        return await _web.FetchAsync(_try.Request.Link, ending.Token);
    }

    private void Return(FetchOutcome outcome)
    {
        _isBack = true;
        OpenOutcome? open = _place is { } place ? _gate.Return(place, outcome, _try.FailedBefore) : null;
        if (open is null)
        {
            Decide(outcome, _try.FailedBefore);
        }
        else
        {
            _ = open.Task.WaitAsync(_stopping.Token).PipeTo(Self, success: stands => new Judged(outcome, stands));
        }
    }

    private void Decide(FetchOutcome outcome, bool failedBefore)
    {
        if (RetryPolicy.PauseBeforeNextTry(outcome, _try.Number, Random.Shared.NextDouble(), _retry) is { } pause)
        {
            throw new TransientFetchException(pause, failedBefore);
        }

        Reply(new LinkProtocol.LinkFetched(_try, outcome));
    }

    private void Fail(Exception cause)
    {
        if (cause is OperationCanceledException && _try.Request.Cancellation.IsCancellationRequested)
        {
            Reply(new LinkProtocol.LinkGivenUp(_try));
        }
        else if (cause is OperationCanceledException && _place is { Expiry.IsCancellationRequested: true })
        {
            Reply(new LinkProtocol.TryNotCounted(_try));
        }
        else
        {
            ExceptionDispatchInfo.Throw(cause);
        }
    }

    private void Reply(object message)
    {
        Context.Parent.Tell(message);
        Context.Stop(Self);
    }

    private sealed record Came(FetchOutcome Outcome) : INoSerializationVerificationNeeded;

    private sealed record Judged(FetchOutcome Outcome, bool Stands) : INoSerializationVerificationNeeded;

    // There is one for every request: it is made without reflection.
    private sealed class Producer(Func<ActorBase> make) : IIndirectActorProducer
    {
        public Type ActorType => typeof(FetchActor);

        public ActorBase Produce() => make();

        public void Release(ActorBase actor)
        {
            // It holds nothing that outlives PostStop.
        }
    }
}
