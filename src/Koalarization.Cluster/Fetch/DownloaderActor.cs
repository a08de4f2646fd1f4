using System.Globalization;
using Akka.Actor;
using Koalarization.Harvest;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster;

/// <summary>
/// Brings links to their outcomes: each waits at the gate for a place at its host, and has a <see cref="FetchActor"/> of its own while it is on the
/// way. Supervises them: a fetch that failed and may succeed is started anew after its pause, one that crashed at once, a few times.
/// </summary>
internal sealed class DownloaderActor : ReceiveActor
{
    private const int MaxCrashes = 3;

    private readonly IWeb _web;
    private readonly HarvestGate _gate;
    private readonly RetryOptions _retry;
    private readonly ILogger _logger;
    private readonly HashSet<LinkTry> _links = [];
    private readonly Dictionary<IActorRef, LinkTry> _onTheWay = [];
    private long _started;

    /// <param name="web">Tries links.</param>
    /// <param name="gate">Where requests wait; the caller's.</param>
    /// <param name="retry">When a link is tried again.</param>
    /// <param name="logger">Told of crashes.</param>
    public DownloaderActor(IWeb web, HarvestGate gate, RetryOptions retry, ILogger logger)
    {
        _web = web;
        _gate = gate;
        _retry = retry;
        _logger = logger;
        Receive<LinkProtocol.FetchLink>(Begin);
        Receive<Admitted>(admitted => Go(admitted.Try, admitted.Admission));
        Receive<Rested>(rested => Enter(rested.Try));
        Receive<NotAdmitted>(not => Fail(not.Try, not.Cause));
        Receive<LinkProtocol.LinkFetched>(fetched => End(fetched.Try, fetched.Outcome, fetched.Try.Number));
        Receive<LinkProtocol.TryNotCounted>(not => Enter(not.Try));
        Receive<LinkProtocol.LinkGivenUp>(given => Fail(given.Try, new OperationCanceledException(given.Try.Request.Cancellation)));
    }

    protected override SupervisorStrategy SupervisorStrategy() => new FetchSupervision(FetchFailed);

    protected override void PostStop()
    {
        foreach (LinkTry link in _links)
        {
            link.Waits = false;
            link.Request.TrySetException(new FetchingStoppedException());
        }
    }

    private void Begin(LinkProtocol.FetchLink request)
    {
        var link = new LinkTry(request);
        _links.Add(link);
        Enter(link);
    }

    private void Enter(LinkTry link)
    {
        Forget(link.Fetch);
        if (link.Host is not { } host)
        {
            Start(link, place: null);
            return;
        }

        link.Waits = true;
        _ = _gate.EnterAsync(host, link.Request.Source, link.Request.Cancellation)
            .PipeTo(Self, success: admission => new Admitted(link, admission), failure: cause => new NotAdmitted(link, cause));
    }

    private void Go(LinkTry link, Admission admission)
    {
        link.Waits = false;
        if (admission.TurnedAway is { } outcome)
        {
            // No request was made.
            End(link, outcome, link.Number - 1);
        }
        else
        {
            Start(link, admission.Place);
        }
    }

    private void Start(LinkTry link, HostPlace? place)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"link-{++_started}");
        link.Fetch = Context.ActorOf(FetchActor.Props(link, place, _web, _gate, _retry), name);
        _onTheWay.Add(link.Fetch, link);
    }

    private void FetchFailed(IActorRef fetch, Exception cause)
    {
        if (!_onTheWay.TryGetValue(fetch, out LinkTry? link))
        {
            return;
        }

        if (cause is TransientFetchException transient)
        {
            Forget(fetch);
            link.Number++;
            link.FailedBefore = transient.FailedBefore;
            link.Waits = true;
            _ = Task.Delay(transient.Pause, _web.Clock, link.Request.Cancellation)
                .PipeTo(Self, success: () => new Rested(link), failure: gaveUp => new NotAdmitted(link, gaveUp));
            return;
        }

        FetchLog.FetchCrashed(_logger, link.Request.Link.Url, ++link.Crashes, cause);
        if (link.Crashes < MaxCrashes)
        {
            Enter(link);
        }
        else
        {
            Fail(link, cause);
        }
    }

    private void End(LinkTry link, FetchOutcome outcome, int tries)
    {
        Forget(link);
        if (!link.Request.TrySetResult(new HarvestedLink(link.Request.Link, outcome, tries)))
        {
            outcome.Dispose();
        }
    }

    private void Fail(LinkTry link, Exception cause)
    {
        Forget(link);
        if (cause is OperationCanceledException && link.Request.Cancellation.IsCancellationRequested)
        {
            link.Request.TrySetCanceled(link.Request.Cancellation);
        }
        else
        {
            link.Request.TrySetException(cause);
        }
    }

    private void Forget(LinkTry link)
    {
        link.Waits = false;
        Forget(link.Fetch);
        _links.Remove(link);
    }

    private void Forget(IActorRef? fetch)
    {
        if (fetch is not null)
        {
            _onTheWay.Remove(fetch);
        }
    }

    private sealed record Admitted(LinkTry Try, Admission Admission) : INoSerializationVerificationNeeded;

    private sealed record NotAdmitted(LinkTry Try, Exception Cause) : INoSerializationVerificationNeeded;

    private sealed record Rested(LinkTry Try) : INoSerializationVerificationNeeded;
}
