using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.HostLimits;
using Koalarization.Cluster.Wire;
using Koalarization.Harvest.Fetching;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.HostLimits;

/// <summary>
/// Nodes, a coordinator's permits of one job, and the messages between them, which are as slow and as lossy as a test wants. Every step checks what must
/// never be.
/// </summary>
internal sealed class PermitWorld
{
    public static readonly JobId Job = new("job");
    public static readonly TimeSpan Life = NodePermits.LifeOf(new DownloadOptions().TryTimeout);
    public static readonly FetchOutcome Good = new(FetchOutcomeKind.Kept);
    public static readonly FetchOutcome Missing = new(FetchOutcomeKind.Dns);
    public static readonly FetchOutcome Refused = new(FetchOutcomeKind.TooManyRequests, "429", IsTransient: true);
    private readonly int _limit;
    private TimeSpan _grantsFrom;
    private int _reports;

    public PermitWorld(int limit, int nodes)
    {
        _limit = limit;
        Permits = new CoordinatorPermits(Options, startedAt: TimeSpan.Zero);
        Permits.Begin(Job);
        for (int i = 0; i < nodes; i++)
        {
            Join();
        }
    }

    public CoordinatorPermits Permits { get; private set; }

    public Dictionary<string, CoordinatorHostPermits> Hosts => Permits.Hosts.ToDictionary(host => host.Host);

    public List<PermitNode> Nodes { get; } = [];

    private DownloadOptions Options => new() { HostLimit = _limit };

    public IEnumerable<PermitNode> Alive => Nodes.Where(node => !node.IsDead);

    public TimeSpan Now { get; private set; }

    public int Messages => _reports + Nodes.Sum(node => node.Sent);

    public PermitNode Join()
    {
        var offset = TimeSpan.FromHours(Nodes.Count - 2);
        var node = new PermitNode(new NodeOwner($"node-{Nodes.Count}"), () => Now + offset);
        Nodes.Add(node);
        return node;
    }

    /// <summary>A process dies. Its links go to the others, and some time later the cluster removes it.</summary>
    public void Kill(PermitNode node, IEnumerable<string> hosts)
    {
        node.IsDead = true;
        node.Out.Clear();
        PermitNode heir = Alive.First();
        foreach (string host in hosts)
        {
            heir.Add(host, node.Waiting(host) + node.InFlight(host));
        }
    }

    public void Remove(PermitNode node) => Watched(() => Permits.Remove(node.Owner, Now));

    /// <summary>The coordinator gets the node's next report.</summary>
    public void Receive(PermitNode node)
    {
        if (node.Out.TryDequeue(out FetchProtocol.ReportHostUsage? report))
        {
            _reports++;
            Dictionary<string, long> held = report.Hosts.ToDictionary(usage => usage.Host, usage => usage.Granted - usage.Returned);
            Watched(() => Permits.Apply(report, node, Now), held);
        }
    }

    /// <summary>The node gets its next message.</summary>
    public void Deliver(PermitNode node)
    {
        if (!node.IsDead && !node.IsStopped && node.In.TryDequeue(out FetchProtocol.HostPermitsGranted? message))
        {
            node.Apply(message);
            Check();
        }
    }

    public void Pass(TimeSpan time, IEnumerable<string> hosts)
    {
        Now += time;
        foreach (PermitNode node in Alive)
        {
            node.Expire();
        }

        foreach (string host in hosts)
        {
            foreach (PermitNode node in Alive)
            {
                node.Start(host);
            }
        }

        Check();
    }

    public void Tick() => Watched(() => Permits.Tick(Now));

    /// <summary>Another coordinator, which knows nothing. What the one before has sent still arrives.</summary>
    public void FailOver()
    {
        _grantsFrom = CoordinatorPermits.GrantsFrom(Now, Options.TryTimeout);
        Permits = new CoordinatorPermits(Options, Now);
        Check();
    }

    public int InFlight(string host) => Alive.Where(node => !node.IsStopped).Sum(node => node.InFlight(host));

    /// <summary>All messages arrive.</summary>
    public void DeliverAll()
    {
        while (Alive.Any(node => node.Out.Count > 0 || (node.In.Count > 0 && !node.IsStopped)))
        {
            foreach (PermitNode node in Alive.ToArray())
            {
                Receive(node);
                Deliver(node);
            }
        }
    }

    public void Check()
    {
        foreach (string host in HostPermitsTests.Hosts)
        {
            Assert.True(InFlight(host) <= _limit, $"{host}: {InFlight(host)} requests in flight, {_limit} allowed");
            if (Now >= _grantsFrom)
            {
                long count = Hosts.TryGetValue(host, out CoordinatorHostPermits? permits) ? permits.Count : 0;
                Assert.True(InFlight(host) <= count, $"{host}: {InFlight(host)} requests in flight, {count} permits");
            }
        }
    }

    private void Watched(Action call, Dictionary<string, long>? reported = null)
    {
        Dictionary<string, long> before = Permits.Hosts.ToDictionary(host => host.Host, host => host.Count);
        call();
        foreach ((string host, CoordinatorHostPermits permits) in Hosts.Where(_ => Now >= _grantsFrom))
        {
            long max = Math.Max(permits.State.IsGivenUp ? 1 : permits.State.MaxInFlight, before.GetValueOrDefault(host) + (reported?.GetValueOrDefault(host) ?? 0));
            Assert.True(permits.Count <= max, $"{host}: {permits.Count} permits granted, {max} at most");
        }

        Check();
    }
}
