using Koalarization.Harvest;

namespace Koalarization.Cluster.Specs;

/// <summary>Nodes, the lending, and the mail between them, which is as slow and as lossy as a test wants. Every step checks what must never be.</summary>
internal sealed class PlacesWorld
{
    public static readonly JobId Job = new("job");
    public static readonly RetryOptions Retry = new();
    public static readonly FetchOutcome Good = new(FetchOutcomeKind.Kept);
    public static readonly FetchOutcome Missing = new(FetchOutcomeKind.Dns);
    public static readonly FetchOutcome Refused = new(FetchOutcomeKind.TooManyRequests, "429", IsTransient: true);
    private readonly int _limit;
    private long _epoch = 1;
    private bool _isTakingOver;

    public PlacesWorld(int limit, int nodes)
    {
        _limit = limit;
        Lending = New(TimeSpan.Zero);
        for (int i = 0; i < nodes; i++)
        {
            Join();
        }
    }

    public HostLending Lending { get; private set; }

    public List<PlacesNode> Nodes { get; } = [];

    public IEnumerable<PlacesNode> Alive => Nodes.Where(node => !node.IsDead);

    public TimeSpan Now { get; private set; }

    public int Messages { get; private set; }

    public PlacesNode Join()
    {
        var node = new PlacesNode(new NodeOwner($"node-{Nodes.Count}"));
        Nodes.Add(node);
        return node;
    }

    /// <summary>A process dies. Its links go to the others, and some time later the cluster removes it.</summary>
    public void Kill(PlacesNode node, IEnumerable<string> hosts)
    {
        node.IsDead = true;
        node.Out.Clear();
        PlacesNode[] heirs = [.. Alive];
        foreach (string host in hosts)
        {
            heirs[0].Add(host, node.Waiting(host) + node.OnTheWay(host), Now);
        }
    }

    public void Remove(PlacesNode node) => Send(Watched(() => Lending.Gone(node.Owner, Now)));

    public void Hear(PlacesNode node)
    {
        if (node.Out.TryDequeue(out FetchProtocol.HostsUsed? message))
        {
            Messages++;
            Send(Watched(() => Lending.Report(node.Owner, message.Hosts, Now)));
        }
    }

    public void Deliver(PlacesNode node)
    {
        if (node.In.TryDequeue(out FetchProtocol.HostsLent? message) && !node.IsDead)
        {
            node.Follow(message, Now);
            Check();
        }
    }

    public void Pass(TimeSpan time, IEnumerable<string> hosts)
    {
        Now += time;
        foreach (string host in hosts)
        {
            Wake(host);
        }

        Check();
    }

    public void Tick() => Send(Watched(() => Lending.Tick(Now)));

    public void Wake(string host)
    {
        foreach (PlacesNode node in Alive)
        {
            node.Start(host, Now);
        }
    }

    /// <summary>Another coordinator, which knows nothing; what was under way to and from the old one is lost.</summary>
    public void FailOver()
    {
        _epoch++;
        Lending = New(Now + (2 * FetchProtocol.HostsUsed.Every));
        _isTakingOver = true;
        foreach (PlacesNode node in Alive)
        {
            node.In.Clear();
            node.Out.Clear();
            node.Say(Job, everything: true);
            while (node.Out.Count > 0)
            {
                Hear(node);
            }
        }

        _isTakingOver = false;
        Check();
    }

    public int OnTheWay(string host) => Alive.Sum(node => node.OnTheWay(host));

    /// <summary>All mail arrives.</summary>
    public void DeliverAll()
    {
        while (Alive.Any(node => node.Out.Count + node.In.Count > 0))
        {
            foreach (PlacesNode node in Alive.ToArray())
            {
                Hear(node);
                Deliver(node);
            }
        }
    }

    public void Check()
    {
        foreach ((string host, HostLoans loans) in Lending.Hosts.Where(_ => !_isTakingOver))
        {
            Assert.True(OnTheWay(host) <= loans.Held, $"{host}: {OnTheWay(host)} on the way, {loans.Held} known");
            Assert.True(OnTheWay(host) <= _limit, $"{host}: {OnTheWay(host)} on the way of {_limit}");
        }
    }

    private HostLending New(TimeSpan lendsFrom) => new(Job, _epoch, _limit, Retry, lendsFrom);

    private IReadOnlyList<PlacesMail> Watched(Func<IReadOnlyList<PlacesMail>> call)
    {
        Dictionary<string, long> before = Lending.Hosts.ToDictionary(host => host.Key, host => host.Value.Held);
        IReadOnlyList<PlacesMail> mail = call();
        foreach ((string host, HostLoans loans) in Lending.Hosts)
        {
            long most = Math.Max(loans.State.IsGivenUp ? 1 : loans.State.Places, before.GetValueOrDefault(host));
            Assert.True(loans.Held <= most || _isTakingOver, $"{host}: {loans.Held} lent, {most} at most");
        }

        Check();
        return mail;
    }

    private void Send(IReadOnlyList<PlacesMail> mail)
    {
        foreach (PlacesMail message in mail)
        {
            Messages++;
            Nodes.Single(node => node.Owner == message.To).In.Enqueue(message.Message);
        }
    }
}
