using System.Threading.Channels;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.HostLimits;
using Koalarization.Cluster.Wire;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Links;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.HostLimits;

/// <summary>Three nodes' throttles, their permit clients, and the coordinator's permits, in one actor system in virtual time.</summary>
public sealed class NodePermitsActorSpecs : TestKit
{
    private static readonly JobId Job = new("job");
    private static readonly LinkHost Host = new("pictures.example.org", 443);
    private static readonly FetchOutcome Good = new(FetchOutcomeKind.NotFound, "404");
    private static readonly FetchOutcome Refused = new(FetchOutcomeKind.TooManyRequests, "429", IsTransient: true, TimeSpan.FromSeconds(30));
    private readonly FakeTimeProvider _clock = new();
    private readonly IActorRef _service;
    private readonly Node[] _nodes;

    public NodePermitsActorSpecs()
        : base(ConfigurationFactory.ParseString("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\""))
    {
        _service = Sys.ActorOf(Props.Create(() => new PermitServiceActor(_clock, Job)), "service");
        _nodes = [.. Enumerable.Range(1, 3).Select(NewNode)];
    }

    private int InFlight => _nodes.Sum(node => node.Throttle.InFlight);

    [Fact]
    public async Task Of_a_thousand_links_of_one_host_on_three_nodes_never_more_are_in_flight_than_the_host_allows()
    {
        Add(_nodes[0], 334);
        Add(_nodes[1], 333);
        Add(_nodes[2], 333);
        int max = 0;
        for (int ended = 0; ended < 1_000;)
        {
            await SettleAsync();
            max = Math.Max(max, InFlight);
            Assert.InRange(max, 0, 32);
            ended += await AnswerAsync(_nodes.SelectMany(node => Enumerable.Repeat(node, node.Throttle.InFlight)), Good);
            await PassAsync(NodePermitsActor.Debounce);
        }

        await PassAsync(NodePermitsActor.Debounce);
        Assert.Equal(32, max);
        Assert.Empty(await _service.Ask<CoordinatorHostPermits[]>(new PermitServiceActor.KnownHosts()));
    }

    [Fact]
    public async Task A_host_that_says_429_to_one_node_is_left_alone_by_all_for_as_long_as_it_asks_and_then_gets_half_as_many()
    {
        foreach (Node node in _nodes)
        {
            Add(node, 200);
        }

        // The first node that asks gets all, and gives back what the others want as its requests come to an end.
        for (int i = 0; i < 5; i++)
        {
            await SettleAsync();
            await AnswerAsync(_nodes.SelectMany(node => Enumerable.Repeat(node, node.Throttle.InFlight)), Good);
            await PassAsync(NodePermitsActor.Debounce);
        }

        Assert.Equal(32, InFlight);
        Assert.All(_nodes, node => Assert.InRange(node.Throttle.InFlight, 10, 11));
        await AnswerAsync([_nodes[1], _nodes[1], _nodes[1]], Refused);
        await PassAsync(NodePermitsActor.Debounce);
        await AnswerAsync(_nodes.SelectMany(node => Enumerable.Repeat(node, node.Throttle.InFlight)), Good);
        for (int second = 1; second < 30; second++)
        {
            await SettleAsync();
            Assert.Equal(0, InFlight);
            await PassAsync(TimeSpan.FromSeconds(1));
        }

        for (int i = 0; i < 5; i++)
        {
            await PassAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(16, InFlight);
        Assert.All(_nodes, node => Assert.InRange(node.Throttle.InFlight, 5, 6));
    }

    [Fact]
    public async Task The_permits_of_a_node_that_the_cluster_has_removed_go_to_the_others()
    {
        Add(_nodes[0], 100);
        await PassAsync(NodePermitsActor.Debounce);
        Add(_nodes[1], 100);
        await PassAsync(NodePermitsActor.Debounce);
        await _nodes[0].Client.GracefulStop(RemainingOrDefault);
        for (int i = 0; i < 10; i++)
        {
            await PassAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0, _nodes[1].Throttle.InFlight);
        _service.Tell(new NodeOwner("node-1"));
        await SettleAsync();
        Assert.Equal(32, _nodes[1].Throttle.InFlight);
    }

    [Fact]
    public async Task The_permits_of_a_node_that_is_not_removed_and_does_not_report_go_to_the_others_after_their_life_and_its_fetches_are_cancelled()
    {
        Add(_nodes[0], 32);
        await PassAsync(NodePermitsActor.Debounce);
        FetchPermit[] permits = await Task.WhenAll(Enumerable.Range(0, 32).Select(async _ => (await _nodes[0].Started.Reader.ReadAsync()).Permit));
        Add(_nodes[1], 100);
        Advance(NodePermitsActor.Debounce);
        await _nodes[0].Client.GracefulStop(RemainingOrDefault);
        for (TimeSpan passed = TimeSpan.Zero; passed < PermitWorld.Life; passed += TimeSpan.FromSeconds(1))
        {
            Assert.Equal(0, _nodes[1].Throttle.InFlight);
            await PassAsync(TimeSpan.FromSeconds(1));
        }

        _nodes[0].Throttle.WithLock(_nodes[0].Permits.Expire);
        Assert.All(permits, permit => Assert.True(permit.Expiry.IsCancellationRequested));
        for (TimeSpan passed = TimeSpan.Zero; passed < CoordinatorHostPermits.Margin + FetchProtocol.ReportHostUsage.Every; passed += TimeSpan.FromSeconds(1))
        {
            await PassAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(32, _nodes[1].Throttle.InFlight);
    }

    [Fact]
    public async Task A_job_that_ended_here_gives_back_what_comes_for_it_afterwards()
    {
        Add(_nodes[0], 1);
        await SettleAsync();
        await AnswerAsync([_nodes[0]], Good);
        await PassAsync(NodePermitsActor.Debounce);
        var granted = new FetchProtocol.HostGrant { Host = Host.ToString(), ReportedAt = _nodes[0].Throttle.Now(), Granted = 5, Returned = 1, Share = 5 };
        _nodes[0].Client.Tell(new FetchProtocol.HostPermitsGranted(Job, [granted]), TestActor);
        await PassAsync(NodePermitsActor.Debounce);

        Assert.Empty(await _service.Ask<CoordinatorHostPermits[]>(new PermitServiceActor.KnownHosts()));
        await PassAsync(FetchProtocol.ReportHostUsage.Every);
        Assert.Equal(0, _nodes[0].Permits.Count);
    }

    private Node NewNode(int number)
    {
        var throttle = new FetchThrottle(new NoWeb(_clock), new DownloadOptions(), notify: null);
        var permits = new NodePermits(new NodeOwner($"node-{number}"), new DownloadOptions());
        return new Node(throttle, permits, NodePermitsActor.Start(Sys, $"node-{number}", permits, throttle, _service));
    }

    private static void Add(Node node, int links)
    {
        for (int i = 0; i < links; i++)
        {
            _ = EnterAsync(node);
        }
    }

    private static async Task EnterAsync(Node node) =>
        await node.Started.Writer.WriteAsync(await node.Throttle.EnterAsync(Host, node.Permits.Of(Job), CancellationToken.None));

    private static async Task<int> AnswerAsync(IEnumerable<Node> nodes, FetchOutcome outcome)
    {
        int answered = 0;
        foreach (Node node in nodes.ToArray())
        {
            node.Throttle.Return((await node.Started.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10))).Permit, outcome, failedBefore: false);
            answered++;
        }

        return answered;
    }

    private void Advance(TimeSpan time)
    {
        _clock.Advance(time);
        ((TestScheduler)Sys.Scheduler).Advance(time);
    }

    // The scheduler may lose what an actor puts into it while it moves on.
    private async Task PassAsync(TimeSpan time)
    {
        await SettleAsync();
        Advance(time);
        await SettleAsync();
    }

    /// <summary>Until no message is under way.</summary>
    private async Task SettleAsync()
    {
        int before;
        int after = -1;
        do
        {
            before = after;
            foreach (IActorRef actor in _nodes.Select(node => node.Client).Append(_service).Concat(_nodes.Select(node => node.Client)))
            {
                // An actor that has stopped does not answer.
                _ = actor.IsNobody() || (actor is LocalActorRef { IsTerminated: true }) ? null : await actor.Ask<ActorIdentity>(new Identify(null));
            }

            after = await _service.Ask<int>(new PermitServiceActor.Reports());
        }
        while (before != after);
    }

    private sealed record Node(FetchThrottle Throttle, NodePermits Permits, IActorRef Client)
    {
        public Channel<PermitResult> Started { get; } = Channel.CreateUnbounded<PermitResult>();
    }

    private sealed class NoWeb(TimeProvider clock) : ILinkFetcher
    {
        public TimeProvider Clock => clock;

        public LookupCounts Lookups => default;

        public Task<FetchOutcome> FetchAsync(Link link, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ProbeAnswer> ProbeAsync(LinkHost host, CancellationToken cancellationToken) => Task.FromResult(ProbeAnswer.Connected);

        public void ForgetMissingHosts(TimeSpan learnedWithin)
        {
        }
    }
}
