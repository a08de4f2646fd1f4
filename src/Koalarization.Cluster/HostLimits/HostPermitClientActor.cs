using Akka.Actor;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;

namespace Koalarization.Cluster.HostLimits;

/// <summary>
/// <c>/user/fetch/permits</c> reports this node's use of hosts to the coordinator and takes its grants: a refusal at once, other news at once or after
/// <see cref="Debounce"/>, and everything every <see cref="FetchProtocol.ReportHostUsage.Every"/>.
/// </summary>
/// <remarks>Whatever it does, permits whose life is over end first: this process may have been stopped.</remarks>
internal sealed class HostPermitClientActor : ReceiveActor, IWithTimers
{
    public const string Name = "permits";

    /// <summary>Between two reports of news.</summary>
    public static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(20);

    private readonly NodeOwner _owner;
    private readonly ClusterHostPermits _permits;
    private readonly FetchThrottle _throttle;
    private readonly ICanTell _coordinator;
    private bool _isDebouncing;

    public HostPermitClientActor(NodeOwner owner, ClusterHostPermits permits, FetchThrottle throttle, ICanTell coordinator)
    {
        (_owner, _permits, _throttle, _coordinator) = (owner, permits, throttle, coordinator);
        Receive<News>(news => OnNews(news.IsRefusal));
        Receive<Debounced>(_ => OnDebounced());
        Receive<ReportAll>(_ => Report(everything: true));
        Receive<FetchProtocol.HostPermitsGranted>(Apply);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(NodeOwner owner, ClusterHostPermits permits, FetchThrottle throttle, ICanTell coordinator) =>
        Akka.Actor.Props.Create(() => new HostPermitClientActor(owner, permits, throttle, coordinator));

    protected override void PreStart()
    {
        IActorRef self = Self;
        _permits.OnNews(isRefusal => self.Tell(isRefusal ? News.Refusal : News.Other));
        Timers.StartPeriodicTimer(ReportAll.Instance, ReportAll.Instance, FetchProtocol.ReportHostUsage.Every);
        Self.Tell(ReportAll.Instance);
    }

    protected override void PostStop() => Report(everything: false);

    private void OnNews(bool isRefusal)
    {
        if (isRefusal || !_isDebouncing)
        {
            Report(everything: false);
            _isDebouncing = true;
            Timers.StartSingleTimer(Debounced.Instance, Debounced.Instance, Debounce);
        }
    }

    private void OnDebounced()
    {
        _isDebouncing = Report(everything: false);
        if (_isDebouncing)
        {
            Timers.StartSingleTimer(Debounced.Instance, Debounced.Instance, Debounce);
        }
    }

    private bool Report(bool everything)
    {
        _permits.Expire(_throttle.Now());
        IReadOnlyList<FetchProtocol.ReportHostUsage> reports = _permits.Report(_owner, _throttle.Now(), everything);
        foreach (FetchProtocol.ReportHostUsage report in reports)
        {
            _coordinator.Tell(report, Self);
        }

        return reports.Count > 0;
    }

    private void Apply(FetchProtocol.HostPermitsGranted message)
    {
        _permits.Expire(_throttle.Now());
        NodeHostPermits table = _permits.ForGrant(message.Job);
        var grants = new Dictionary<LinkHost, FetchProtocol.HostGrant>();
        foreach (FetchProtocol.HostGrant grant in message.Hosts)
        {
            if (HostText.TryParse(grant.Host, out LinkHost host))
            {
                grants[host] = grant;
            }
        }

        _throttle.Change(table, [.. grants.Keys], (host, permit, now) =>
        {
            grants.Remove(host, out FetchProtocol.HostGrant? grant);
            ((HostPermit)permit).Apply(grant!, now);
        });
        foreach ((LinkHost host, FetchProtocol.HostGrant grant) in grants)
        {
            table.Apply(host, grant, _throttle.Now());
        }
    }

    private sealed record News(bool IsRefusal) : INoSerializationVerificationNeeded
    {
        public static readonly News Refusal = new(IsRefusal: true);
        public static readonly News Other = new(IsRefusal: false);
    }

    private sealed record Debounced : INoSerializationVerificationNeeded
    {
        public static readonly Debounced Instance = new();
    }

    private sealed record ReportAll : INoSerializationVerificationNeeded
    {
        public static readonly ReportAll Instance = new();
    }
}
