using Akka.Actor;
using Koalarization.Harvest;

namespace Koalarization.Cluster;

/// <summary>
/// Carries the mail between one job's <see cref="LentHosts"/> on this node and the coordinator: news at once when it has been quiet, else every
/// <see cref="Rest"/>, and everything every <see cref="FetchProtocol.HostsUsed.Every"/>. A child of <c>/user/fetch</c>, <c>places-JOB</c>.
/// </summary>
internal sealed class PlacesActor : ReceiveActor, IWithTimers
{
    /// <summary>Between two messages of news.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    private readonly JobId _job;
    private readonly NodeOwner _owner;
    private readonly LentHosts _hosts;
    private readonly HarvestGate _gate;
    private readonly ICanTell _coordinator;
    private bool _isResting;

    public PlacesActor(JobId job, NodeOwner owner, LentHosts hosts, HarvestGate gate, ICanTell coordinator)
    {
        (_job, _owner, _hosts, _gate, _coordinator) = (job, owner, hosts, gate, coordinator);
        Receive<News>(OnNews);
        Receive<Rested>(_ => OnRested());
        Receive<SayAll>(_ => Send(_hosts.All()));
        Receive<FetchProtocol.HostsLent>(OnLent);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static string NameOf(JobId job) => $"places-{job}";

    public static Props Props(JobId job, NodeOwner owner, LentHosts hosts, HarvestGate gate, ICanTell coordinator) =>
        Akka.Actor.Props.Create(() => new PlacesActor(job, owner, hosts, gate, coordinator));

    protected override void PreStart()
    {
        IActorRef self = Self;
        _hosts.OnNews(isUrgent => self.Tell(isUrgent ? News.Urgent : News.Other));
        Timers.StartPeriodicTimer(SayAll.Instance, SayAll.Instance, FetchProtocol.HostsUsed.Every);
        Self.Tell(News.Urgent);
    }

    protected override void PostStop() => Send(_hosts.News());

    private void OnNews(News news)
    {
        if (_isResting)
        {
            return;
        }

        if (news.IsUrgent)
        {
            Send(_hosts.News());
        }

        _isResting = true;
        Timers.StartSingleTimer(Rested.Instance, Rested.Instance, Rest);
    }

    private void OnRested()
    {
        _isResting = Send(_hosts.News());
        if (_isResting)
        {
            Timers.StartSingleTimer(Rested.Instance, Rested.Instance, Rest);
        }
    }

    private bool Send(IReadOnlyList<FetchProtocol.HostUse> uses)
    {
        foreach (FetchProtocol.HostUse[] hosts in uses.Chunk(FetchProtocol.HostsUsed.Most))
        {
            _coordinator.Tell(new FetchProtocol.HostsUsed(_job, _owner, hosts), Self);
        }

        return uses.Count > 0;
    }

    private void OnLent(FetchProtocol.HostsLent message)
    {
        var lent = new Dictionary<LinkHost, FetchProtocol.HostPlaces>();
        foreach (FetchProtocol.HostPlaces places in message.Hosts)
        {
            if (HostText.TryParse(places.Host, out LinkHost host))
            {
                lent[host] = places;
            }
        }

        _gate.Change(_hosts, [.. lent.Keys], (host, places, now) =>
        {
            if (lent.Remove(host, out FetchProtocol.HostPlaces? one))
            {
                ((LentPlaces)places).Follow(one, now);
            }
        });
        foreach ((LinkHost host, FetchProtocol.HostPlaces places) in lent)
        {
            _hosts.FollowUnasked(host, places);
        }
    }

    private sealed record News(bool IsUrgent) : INoSerializationVerificationNeeded
    {
        public static readonly News Urgent = new(IsUrgent: true);
        public static readonly News Other = new(IsUrgent: false);
    }

    private sealed record Rested : INoSerializationVerificationNeeded
    {
        public static readonly Rested Instance = new();
    }

    private sealed record SayAll : INoSerializationVerificationNeeded
    {
        public static readonly SayAll Instance = new();
    }
}
