using Akka.Actor;
using Koalarization.Cluster.Fetching;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;

namespace Koalarization.Cluster.HostLimits;

/// <summary>
/// <c>/user/fetch/permits</c> reports a fetch node's use of hosts to the coordinator and takes its permits: a refusal at once, other news at once or after
/// <see cref="Debounce"/>, and everything every <see cref="FetchProtocol.ReportHostUsage.Every"/>.
/// </summary>
/// <remarks>Whatever it does, permits whose life is over end first: this process may have been stopped.</remarks>
internal sealed class NodePermitsActor : ReceiveActor, IWithTimers
{
    public const string Name = "permits";

    /// <summary>Between two reports of news.</summary>
    public static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(20);

    private readonly NodePermits _permits;
    private readonly FetchThrottle _throttle;
    private readonly ICanTell _coordinator;

    public NodePermitsActor(NodePermits permits, FetchThrottle throttle, ICanTell coordinator)
    {
        (_permits, _throttle, _coordinator) = (permits, throttle, coordinator);
        Receive<News>(OnNews);
        Receive<ReportDue>(due => Report(due.IsOfEverything));
        Receive<FetchProtocol.HostPermitsGranted>(Apply);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Starts it, before any link waits for a permit.</summary>
    public static IActorRef Start(IActorRefFactory parent, string name, NodePermits permits, FetchThrottle throttle, ICanTell coordinator)
    {
        IActorRef actor = parent.ActorOf(Props.Create(() => new NodePermitsActor(permits, throttle, coordinator)), name);
        permits.OnNews = isRefusal => actor.Tell(new News(isRefusal));
        return actor;
    }

    protected override void PreStart() =>
        Timers.StartPeriodicTimer("everything", new ReportDue(IsOfEverything: true), FetchProtocol.ReportHostUsage.Every);

    private void OnNews(News news)
    {
        if (news.IsRefusal || !Timers.IsTimerActive("news"))
        {
            Report(everything: false);
            Timers.StartSingleTimer("news", new ReportDue(IsOfEverything: false), Debounce);
        }
    }

    private void Report(bool everything)
    {
        IReadOnlyList<FetchProtocol.ReportHostUsage> reports = [];
        _throttle.WithLock(now => reports = _permits.Report(now, everything));
        foreach (FetchProtocol.ReportHostUsage report in reports)
        {
            _coordinator.Tell(report, Self);
        }
    }

    private void Apply(FetchProtocol.HostPermitsGranted message)
    {
        _throttle.WithLock(_permits.Expire);
        var grants = new Dictionary<LinkHost, FetchProtocol.HostGrant>();
        foreach (FetchProtocol.HostGrant grant in message.Hosts)
        {
            if (LinkHost.TryReadText(grant.Host, out LinkHost host))
            {
                grants[host] = grant;
            }
        }

        _throttle.Change(_permits.Of(message.Job), grants.Keys, (host, now) => _permits.Apply(message.Job, host, grants[host], now));
    }

    private sealed record News(bool IsRefusal) : INoSerializationVerificationNeeded;

    private sealed record ReportDue(bool IsOfEverything) : INoSerializationVerificationNeeded;
}
