using Koalarization.Harvest;

namespace Koalarization.Cluster.Specs;

/// <summary>A node of <see cref="PlacesWorld"/>: links that wait and requests on the way, host by host, before the product's own table.</summary>
internal sealed class PlacesNode(NodeOwner owner)
{
    private readonly Dictionary<string, (LentPlaces Places, int Waiting, List<int> OnTheWay)> _hosts = [];

    public NodeOwner Owner => owner;

    public LentHosts Table { get; } = new(_ => { });

    public Queue<FetchProtocol.HostsUsed> Out { get; } = new();

    public Queue<FetchProtocol.HostsLent> In { get; } = new();

    public bool IsDead { get; set; }

    /// <summary>Whether all its slots are taken by other hosts' links.</summary>
    public bool IsBusy { get; set; }

    public int Started { get; private set; }

    public int TurnedAway { get; private set; }

    public int OnTheWay(string host) => _hosts.TryGetValue(host, out var known) ? known.OnTheWay.Count : 0;

    public int Waiting(string host) => _hosts.TryGetValue(host, out var known) ? known.Waiting : 0;

    public int Links => _hosts.Values.Sum(host => host.Waiting + host.OnTheWay.Count);

    /// <summary>Links come that are to be fetched.</summary>
    public void Add(string host, int links, TimeSpan now)
    {
        Assert.True(HostText.TryParse(host, out LinkHost parsed));
        (LentPlaces Places, int Waiting, List<int> OnTheWay) known =
            _hosts.TryGetValue(host, out var old) ? old : ((LentPlaces)Table.Open(parsed), 0, []);
        known.Waiting += links;
        _hosts[host] = known;
        known.Places.Waits(known.Waiting);
        Start(host, now);
    }

    /// <summary>Starts what may go out, and turns away what shall not wait.</summary>
    public void Start(string host, TimeSpan now)
    {
        if (IsDead || IsBusy || !_hosts.TryGetValue(host, out var known))
        {
            return;
        }

        while (known.Waiting > 0 && (known.Places.CanTake(now) || known.Places.TurnsAway(now)))
        {
            known.Waiting--;
            if (known.Places.TurnsAway(now))
            {
                TurnedAway++;
            }
            else
            {
                known.Places.Waits(known.Waiting);
                known.OnTheWay.Add(known.Places.Era);
                known.Places.Take();
                Started++;
                continue;
            }

            known.Places.Waits(known.Waiting);
        }

        _hosts[host] = known;
        ForgetWhenIdle(host, now);
    }

    /// <summary>The oldest request comes to its end.</summary>
    public bool Return(string host, FetchOutcome? outcome, TimeSpan now)
    {
        if (OnTheWay(host) == 0)
        {
            return false;
        }

        var known = _hosts[host];
        int era = known.OnTheWay[0];
        known.OnTheWay.RemoveAt(0);
        known.Places.Return(outcome, era, now);
        Start(host, now);
        ForgetWhenIdle(host, now);
        return true;
    }

    public void Say(JobId job, bool everything)
    {
        IReadOnlyList<FetchProtocol.HostUse> uses = everything ? Table.All() : Table.News();
        if (uses.Count > 0)
        {
            Out.Enqueue(new FetchProtocol.HostsUsed(job, owner, uses));
        }
    }

    public void Follow(FetchProtocol.HostsLent message, TimeSpan now)
    {
        foreach (FetchProtocol.HostPlaces lent in message.Hosts)
        {
            if (_hosts.TryGetValue(lent.Host, out var known))
            {
                known.Places.Follow(lent, now);
                Start(lent.Host, now);
            }
            else if (HostText.TryParse(lent.Host, out LinkHost host))
            {
                Table.FollowUnasked(host, lent);
            }
        }
    }

    // As the gate does.
    private void ForgetWhenIdle(string host, TimeSpan now)
    {
        if (_hosts.TryGetValue(host, out var known) && known.Waiting == 0 && known.OnTheWay.Count == 0 && known.Places.IsIdle(now))
        {
            _hosts.Remove(host);
        }
    }
}
