using System.Globalization;
using Akka.Actor;
using Koalarization.Harvest.Fetching;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster.Fetching;

/// <summary>
/// Brings links to their outcomes. A link that waits for a permit or for its next try costs no actor; each try has a <see cref="LinkFetchActor"/>.
/// Supervises them: a try that failed and may succeed later is started again after its pause, one that crashed at once, three times at most.
/// Answers every <see cref="LinkProtocol.FetchLink"/> once.
/// </summary>
internal sealed class DownloaderActor : ReceiveActor
{
    private const int MaxCrashes = 3;

    private readonly FetchDriver _driver;
    private readonly ILogger _logger;
    private readonly Dictionary<IActorRef, LinkInWork> _links = [];
    private readonly Dictionary<IActorRef, LinkInWork> _fetching = [];
    private long _started;

    /// <param name="driver">Takes the steps of links that come without a driver of their own.</param>
    /// <param name="logger">Receives crashes.</param>
    public DownloaderActor(FetchDriver driver, ILogger logger)
    {
        _driver = driver;
        _logger = logger;
        Receive<LinkProtocol.FetchLink>(request => Begin(new LinkInWork(request, Sender)));
        Receive<LinkProtocol.CancelFetch>(_ => Cancel());
        Receive<Waited>(waited => GoOn(waited.Link, waited.Fetch));
        Receive<WaitFailed>(failed => Fail(failed.Link, failed.Cause));
        Receive<LinkProtocol.TryEnded>(ended => EndTry(Sender, ended.Fetch));
        Receive<LinkProtocol.OutcomePending>(_ => AwaitDecision(Sender));
    }

    protected override SupervisorStrategy SupervisorStrategy() => new FetchSupervision(FetchFailed);

    protected override void PostStop()
    {
        // Those that wait first, or they would get the permits of the others.
        foreach (LinkInWork link in _links.Values.OrderByDescending(link => link.Waits).ToArray())
        {
            Fail(link, new FetchingStoppedException());
        }
    }

    private void Begin(LinkInWork link)
    {
        _links.Add(link.Asker, link);
        GoOn(link, LinkFetch.Of(link.Request.Link));
    }

    private void Cancel()
    {
        if (_links.TryGetValue(Sender, out LinkInWork? link))
        {
            link.Cancellation.Cancel();
        }
    }

    private void GoOn(LinkInWork link, LinkFetch fetch)
    {
        if (!_links.ContainsKey(link.Asker))
        {
            // The actor has crashed meanwhile, and the link was answered.
            DriverOf(link).Abandon(fetch);
            return;
        }

        link.Fetch = fetch;
        link.Waits = fetch.Next is FetchStep.WaitForPermit or FetchStep.Pause;
        if (link.Waits)
        {
            _ = DriverOf(link).StepAsync(fetch, link.Request.Source, link.Cancellation.Token)
                .PipeTo(Self, success: next => new Waited(link, next), failure: cause => new WaitFailed(link, cause));
        }
        else if (fetch.Next == FetchStep.Done)
        {
            Answer(link, new LinkProtocol.LinkFetched(fetch.Result));
        }
        else
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"link-{++_started}");
            _fetching.Add(Context.ActorOf(LinkFetchActor.Props(fetch, link.Request.Source, DriverOf(link), link.Cancellation.Token), name), link);
        }
    }

    private FetchDriver DriverOf(LinkInWork link) => link.Request.Driver ?? _driver;

    private void EndTry(IActorRef actor, LinkFetch fetch)
    {
        if (_fetching.Remove(actor, out LinkInWork? link))
        {
            GoOn(link, fetch);
        }
    }

    private void AwaitDecision(IActorRef actor)
    {
        if (_fetching.TryGetValue(actor, out LinkInWork? link))
        {
            link.Waits = true;
        }
    }

    private void FetchFailed(IActorRef actor, Exception cause)
    {
        if (!_fetching.Remove(actor, out LinkInWork? link))
        {
            return;
        }

        if (cause is TransientFetchException transient)
        {
            GoOn(link, transient.Fetch);
            return;
        }

        if (link.Cancellation.IsCancellationRequested)
        {
            Fail(link, cause);
            return;
        }

        FetchLog.FetchCrashed(_logger, link.Request.Link.Url, ++link.Crashes, cause);
        if (link.Crashes < MaxCrashes)
        {
            GoOn(link, link.Fetch.Repeated());
        }
        else
        {
            Fail(link, cause);
        }
    }

    private void Fail(LinkInWork link, Exception cause) => Answer(link, new LinkProtocol.LinkNotFetched(cause));

    private void Answer(LinkInWork link, object answer)
    {
        if (_links.Remove(link.Asker))
        {
            link.Waits = false;
            link.Cancellation.Cancel();
            link.Cancellation.Dispose();
            link.Asker.Tell(answer);
        }
    }

    private sealed record Waited(LinkInWork Link, LinkFetch Fetch) : INoSerializationVerificationNeeded;

    private sealed record WaitFailed(LinkInWork Link, Exception Cause) : INoSerializationVerificationNeeded;

    private sealed class LinkInWork(LinkProtocol.FetchLink request, IActorRef requester)
    {
        private bool _waits;

        public LinkProtocol.FetchLink Request => request;

        public IActorRef Asker => requester;

        public CancellationTokenSource Cancellation { get; } = new();

        public LinkFetch Fetch { get; set; } = null!;

        /// <summary>Tries that ended in an unexpected exception.</summary>
        public int Crashes { get; set; }

        /// <summary>Whether it waits for a permit, a verdict, or its next try.</summary>
        public bool Waits
        {
            get => _waits;
            set
            {
                if (_waits != value)
                {
                    _waits = value;
                    request.Progress.Waits(value ? 1 : -1);
                }
            }
        }
    }
}
