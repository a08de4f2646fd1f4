using Akka.Actor;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.HostLimits;
using Koalarization.Cluster.Wire;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;

namespace Koalarization.Cluster.Specs.HostLimits;

/// <summary>A node of <see cref="PermitWorld"/>: links that wait and requests in flight, host by host, before the product's own table.</summary>
/// <param name="owner">Its name.</param>
/// <param name="clock">Its own clock, which shows another time than the coordinator's.</param>
internal sealed class PermitNode(NodeOwner owner, Func<TimeSpan> clock) : ICanTell
{
    private readonly Dictionary<string, Known> _hosts = [];

    public NodeOwner Owner => owner;

    public NodePermits Table { get; } = new(owner, new DownloadOptions());

    public Queue<FetchProtocol.ReportHostUsage> Out { get; } = new();

    public Queue<FetchProtocol.HostPermitsGranted> In { get; } = new();

    public bool IsDead { get; set; }

    /// <summary>Whether the process is stopped: nothing happens in it until it continues.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Whether all its slots are taken by other hosts' links.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Messages that the coordinator has sent to it.</summary>
    public int Sent { get; private set; }

    public int Started { get; private set; }

    public int Dropped { get; private set; }

    public int Rejected { get; private set; }

    public int Links => _hosts.Values.Sum(host => host.Waiting + host.InFlight.Count);

    public int InFlight(string host) => _hosts.TryGetValue(host, out Known? known) ? known.InFlight.Count : 0;

    public int Waiting(string host) => _hosts.TryGetValue(host, out Known? known) ? known.Waiting : 0;

    /// <summary>Links come that are to be fetched.</summary>
    public void Add(string host, int links)
    {
        Assert.True(LinkHost.TryReadText(host, out LinkHost parsed));
        if (!_hosts.TryGetValue(host, out Known? known))
        {
            _hosts.Add(host, known = new Known((NodeHostPermits)Table.Of(PermitWorld.Job).Open(parsed)));
        }

        known.Waiting += links;
        known.Permit.Waits(known.Waiting);
        Start(host);
    }

    /// <summary>Starts what may start, and turns away what shall not wait.</summary>
    public void Start(string host)
    {
        if (IsDead || IsStopped || IsBusy || !_hosts.TryGetValue(host, out Known? known))
        {
            return;
        }

        while (known.Waiting > 0 && (known.Permit.CanTake(clock()) || known.Permit.Rejects(clock())))
        {
            bool isTurnedAway = known.Permit.Rejects(clock());
            known.Permit.Waits(--known.Waiting);
            if (isTurnedAway)
            {
                Rejected++;
            }
            else
            {
                known.InFlight.Add((known.Permit.Generation, known.Permit.Expiry));
                known.Permit.Take();
                Started++;
            }
        }

        ForgetWhenIdle(host);
    }

    /// <summary>The oldest request comes to its end.</summary>
    public bool Return(string host, FetchOutcome? outcome)
    {
        if (IsStopped || InFlight(host) == 0)
        {
            return false;
        }

        Known known = _hosts[host];
        int generation = known.InFlight[0].Generation;
        known.InFlight.RemoveAt(0);
        known.Permit.Return(outcome, generation, clock());
        Start(host);
        ForgetWhenIdle(host);
        return true;
    }

    /// <summary>The coordinator sends a message.</summary>
    public void Tell(object message, IActorRef sender)
    {
        Sent++;
        In.Enqueue((FetchProtocol.HostPermitsGranted)message);
    }

    public void Stop() => IsStopped = true;

    /// <summary>The process continues. As in the product, what has expired ends before anything else happens.</summary>
    public void Continue()
    {
        IsStopped = false;
        Expire();
    }

    /// <summary>Permits whose life is over end, and the links that were fetched under them wait again.</summary>
    public void Expire()
    {
        if (IsStopped)
        {
            return;
        }

        Table.Expire(clock());
        foreach (Known known in _hosts.Values)
        {
            foreach ((int generation, CancellationToken _) in known.InFlight.Where(request => request.Expiry.IsCancellationRequested).ToArray())
            {
                known.Permit.Return(outcome: null, generation, clock());
                known.Permit.Waits(++known.Waiting);
                Dropped++;
            }

            known.InFlight.RemoveAll(request => request.Expiry.IsCancellationRequested);
        }
    }

    public void Report(bool everything)
    {
        if (IsStopped)
        {
            return;
        }

        Expire();
        foreach (FetchProtocol.ReportHostUsage report in Table.Report(clock(), everything))
        {
            Out.Enqueue(report);
        }
    }

    public void Apply(FetchProtocol.HostPermitsGranted message)
    {
        Expire();
        foreach (FetchProtocol.HostGrant grant in message.Hosts)
        {
            Assert.True(LinkHost.TryReadText(grant.Host, out LinkHost host));
            Table.Apply(message.Job, host, grant, clock());
            Start(grant.Host);
        }
    }

    // As the throttle does.
    private void ForgetWhenIdle(string host)
    {
        if (_hosts.TryGetValue(host, out Known? known) && known.Waiting == 0 && known.InFlight.Count == 0 && known.Permit.IsIdle(clock()))
        {
            _hosts.Remove(host);
        }
    }

    private sealed class Known(NodeHostPermits permit)
    {
        public NodeHostPermits Permit => permit;

        public int Waiting { get; set; }

        public List<(int Generation, CancellationToken Expiry)> InFlight { get; } = [];
    }
}
