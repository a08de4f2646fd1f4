using Akka.Actor;
using Koalarization.Harvest;

namespace Koalarization.Cluster;

/// <summary>
/// <c>/user/fetch/places</c> carries the mail between this node's tables of lent places and the coordinator: news at once when it has been quiet, else
/// every <see cref="Rest"/>, and everything every <see cref="FetchProtocol.HostsUsed.Every"/>.
/// </summary>
internal sealed class PlacesActor : ReceiveActor, IWithTimers
{
    public const string Name = "places";

    /// <summary>Between two messages of news.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    private readonly NodeOwner _owner;
    private readonly LentJobPlaces _places;
    private readonly FetchThrottle _gate;
    private readonly ICanTell _coordinator;
    private bool _isResting;

    public PlacesActor(NodeOwner owner, LentJobPlaces places, FetchThrottle gate, ICanTell coordinator)
    {
        (_owner, _places, _gate, _coordinator) = (owner, places, gate, coordinator);
        Receive<News>(OnNews);
        Receive<Rested>(_ => OnRested());
        Receive<SayAll>(_ => Say(everything: true));
        Receive<FetchProtocol.HostsLent>(OnLent);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(NodeOwner owner, LentJobPlaces places, FetchThrottle gate, ICanTell coordinator) =>
        Akka.Actor.Props.Create(() => new PlacesActor(owner, places, gate, coordinator));

    protected override void PreStart()
    {
        IActorRef self = Self;
        _places.OnNews(isUrgent => self.Tell(isUrgent ? News.Urgent : News.Other));
        Timers.StartPeriodicTimer(SayAll.Instance, SayAll.Instance, FetchProtocol.HostsUsed.Every);
        Self.Tell(News.Urgent);
    }

    // Whoever comes after a restart says everything.
    protected override void PostStop() => Say(everything: false);

    private void OnNews(News news)
    {
        if (_isResting)
        {
            return;
        }

        // What is not urgent waits for a while, in case that more comes; what is urgent does not wait for that.
        _isResting = news.IsUrgent && Say(everything: false);
        if (_isResting || !news.IsUrgent)
        {
            StartRest();
        }
    }

    private void OnRested()
    {
        _isResting = Say(everything: false);
        if (_isResting)
        {
            StartRest();
        }
    }

    private void StartRest() => Timers.StartSingleTimer(Rested.Instance, Rested.Instance, Rest);

    private bool Say(bool everything)
    {
        IReadOnlyList<FetchProtocol.HostsUsed> mail = _places.Mail(_owner, everything);
        foreach (FetchProtocol.HostsUsed message in mail)
        {
            _coordinator.Tell(message, Self);
        }

        return mail.Count > 0;
    }

    private void OnLent(FetchProtocol.HostsLent message)
    {
        LentHosts hosts = _places.ForMail(message.Job);
        var lent = new Dictionary<LinkHost, FetchProtocol.HostPlaces>();
        foreach (FetchProtocol.HostPlaces places in message.Hosts)
        {
            if (HostText.TryParse(places.Host, out LinkHost host))
            {
                lent[host] = places;
            }
        }

        _gate.Change(hosts, [.. lent.Keys], (host, places, now) =>
        {
            if (lent.Remove(host, out FetchProtocol.HostPlaces? one))
            {
                ((LentPlaces)places).Follow(one, now);
            }
        });
        foreach ((LinkHost host, FetchProtocol.HostPlaces places) in lent)
        {
            hosts.FollowUnasked(host, places);
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
