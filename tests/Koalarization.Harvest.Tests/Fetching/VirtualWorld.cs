using System.Collections.Concurrent;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Links;
using Koalarization.Harvest.Outages;

namespace Koalarization.Harvest.Tests.Fetching;

/// <summary>
/// A web in virtual time: one thread runs every continuation, and the clock moves only when nothing else can. So a schedule is the same each time, and a
/// downloader that would wait for ever is seen at once.
/// </summary>
internal sealed class VirtualWorld : SynchronizationContext, ILinkFetcher
{
    private static readonly TimeSpan TooLong = TimeSpan.FromDays(30);

    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly Dictionary<LinkHost, int> _inFlight = [];
    private readonly Dictionary<Link, int> _attempts = [];
    private int _allInFlight;

    public SteppedTimeProvider Clock { get; } = new();

    TimeProvider ILinkFetcher.Clock => Clock;

    public LookupCounts Lookups { get; private set; }

    /// <summary>Whether a host's address is remembered, so that it is not looked up.</summary>
    public Func<LinkHost, bool> Remembers { get; set; } = host => host.IsAddress;

    /// <summary>How long a try takes, and what it comes to when it is over.</summary>
    public Func<Link, LinkHost, int, (TimeSpan Takes, Func<FetchOutcome> Outcome)> Answer { get; set; } =
        (_, _, _) => (TimeSpan.FromMilliseconds(50), () => new FetchOutcome(FetchOutcomeKind.Kept));

    public Func<LinkHost, ProbeAnswer> Probe { get; set; } = _ => ProbeAnswer.Connected;

    public List<(Link Link, TimeSpan At)> Tries { get; } = [];

    public List<LinkHost> Probes { get; } = [];

    public List<OutageNotice> Notices { get; } = [];

    public List<TimeSpan> Forgotten { get; } = [];

    public Dictionary<LinkHost, int> PeakInFlight { get; } = [];

    public int PeakInFlightOverall { get; private set; }

    /// <summary>Fetches all links at once and returns their outcomes; null where a call never ended.</summary>
    public DownloadedLink?[] Run(DownloadOptions options, IEnumerable<Link> links, Action<LinkDownloader>? meanwhile = null, SemaphoreSlim? window = null, CancellationToken cancellation = default)
    {
        SynchronizationContext? outer = Current;
        SetSynchronizationContext(this);
        try
        {
            using var downloader = new LinkDownloader(this, options, Notices.Add);
            Task<DownloadedLink>[] calls = [.. links.Select(link => CallAsync(link))];
            async Task<DownloadedLink> CallAsync(Link link)
            {
                await (window?.WaitAsync(CancellationToken.None) ?? Task.CompletedTask);
                DownloadedLink done = await downloader.FetchAsync(link, cancellation);
                window?.Release();
                return done;
            }

            meanwhile?.Invoke(downloader);
            RunUntilNothingIsLeft(() => calls.All(call => call.IsCompleted));
            Assert.True(calls.All(call => !call.IsCompleted) || downloader.InFlight == 0);
            Assert.Empty(calls.Where(call => call.IsFaulted).Select(call => call.Exception!.InnerException));
            return [.. calls.Select(call => call.IsCompletedSuccessfully ? call.Result : null)];
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

    public async Task<FetchOutcome> FetchAsync(Link link, CancellationToken cancellationToken)
    {
        Assert.True(LinkHost.TryParse(link.Url, out LinkHost host));
        Tries.Add((link, Clock.Elapsed));
        int now = _inFlight[host] = _inFlight.GetValueOrDefault(host) + 1;
        PeakInFlight[host] = Math.Max(now, PeakInFlight.GetValueOrDefault(host));
        PeakInFlightOverall = Math.Max(++_allInFlight, PeakInFlightOverall);
        try
        {
            int attempt = _attempts[link] = _attempts.GetValueOrDefault(link) + 1;
            (TimeSpan takes, Func<FetchOutcome> outcome) = Answer(link, host, attempt);
            long lookup = Remembers(host) ? 0 : Lookups.Begun + 1;
            Lookups = Lookups with { Begun = Math.Max(lookup, Lookups.Begun) };
            await Task.Delay(takes, Clock, cancellationToken);
            FetchOutcome came = outcome();
            Lookups = Lookups with { NewestGood = came.Kind == FetchOutcomeKind.Dns ? Lookups.NewestGood : Math.Max(lookup, Lookups.NewestGood) };
            return came;
        }
        finally
        {
            _inFlight[host]--;
            _allInFlight--;
        }
    }

    public async Task<ProbeAnswer> ProbeAsync(LinkHost host, CancellationToken cancellationToken)
    {
        Probes.Add(host);
        await Task.Delay(TimeSpan.FromMilliseconds(20), Clock, cancellationToken);
        return Probe(host);
    }

    public void ForgetMissingHosts(TimeSpan learnedWithin) => Forgotten.Add(learnedWithin);

    /// <summary>Runs what can run now, and then advances the time until something happens; false when nothing ever will.</summary>
    public bool Step()
    {
        while (_posted.TryDequeue(out (SendOrPostCallback Callback, object? State) posted))
        {
            posted.Callback(posted.State);
        }

        return Clock.AdvanceToNextTimer();
    }

    private void RunUntilNothingIsLeft(Func<bool> isDone)
    {
        while (!isDone() && Clock.Elapsed < TooLong && Step())
        {
        }
    }
}
