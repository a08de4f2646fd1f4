using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.HostLimits;
using Koalarization.Cluster.Wire;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.HostLimits;

/// <summary>The coordinator's permits and the nodes' tables together: what must never be, and what must come about.</summary>
public sealed class HostPermitsTests
{
    private const string Host = "pictures.example.org:443";
    internal static readonly string[] Hosts = [Host, "other.example.org:80"];
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Any interleaving of links, answers, refusals, slow and lost messages, time, nodes that join, die, or are stopped and continue, and coordinators that
    /// take over: never more requests in flight than the host allows, nothing granted beyond that, and in the end every link is through and no node holds
    /// anything.
    /// </summary>
    [Property(MaxTest = 300)]
    public Property Never_more_than_the_limit_and_all_come_to_an_end() =>
        Prop.ForAll(
            Gen.Choose(1, 12).SelectMany(limit => Gen.Choose(1, 5), (limit, nodes) => (limit, nodes)).ToArbitrary(),
            Gen.ListOf(Gen.Choose(0, 9_999)).Select(list => list.ToArray()).Resize(300).ToArbitrary(),
            (size, steps) =>
            {
                var world = new PermitWorld(size.limit, size.nodes);
                foreach (int step in steps)
                {
                    Do(world, step);
                }

                Finish(world, answer: PermitWorld.Good);
            });

    /// <summary>What people are told: a host holds back what it wants beyond its limit, all while it is left alone, and nothing where it has no limit.</summary>
    [Fact]
    public void A_host_holds_back_what_waits_beyond_its_limit_and_all_while_it_is_left_alone()
    {
        var world = new PermitWorld(limit: 4, nodes: 1);
        var permits = world.Permits;
        Report(granted: 0, wanted: 3);
        Assert.Equal((3, 0), Load(TimeSpan.Zero));
        Report(granted: 3, wanted: 100);
        Assert.Equal((100, 96), Load(TimeSpan.Zero));

        Report(granted: 4, wanted: 100, new FetchProtocol.HostRefusal("too_many_requests", "429", TimeSpan.FromSeconds(30), 0));
        Assert.Equal((100, 100), Load(TimeSpan.FromSeconds(1)));
        Assert.Equal(Host, permits.Loads(TimeSpan.FromSeconds(1))[PermitWorld.Job].Largest);
        Assert.InRange(permits.Loads(TimeSpan.FromSeconds(1))[PermitWorld.Job].Pause, TimeSpan.FromSeconds(28), TimeSpan.FromSeconds(30));

        Report(granted: 0, wanted: 100, refusal: null, host: "127.0.0.1:80");
        Assert.Equal((200, 100), Load(TimeSpan.FromSeconds(1)));

        void Report(long granted, int wanted, FetchProtocol.HostRefusal? refusal = null, string host = Host) => permits.Apply(
            new FetchProtocol.ReportHostUsage(PermitWorld.Job, world.Nodes[0].Owner, TimeSpan.Zero, PermitWorld.Life, [new FetchProtocol.HostUsage(host, wanted, granted, 0, 0, 0, refusal)]),
            Akka.Actor.ActorRefs.Nobody,
            TimeSpan.Zero);

        (long, long) Load(TimeSpan now) => permits.Loads(now)[PermitWorld.Job] is var load ? (load.Wanted, load.Held) : default;
    }

    [Theory]
    [InlineData(3, 32)]
    [InlineData(3, 1)]
    [InlineData(12, 32)]
    [InlineData(12, 4)]
    public void A_thousand_links_of_one_host_while_one_node_joins_and_one_dies(int nodes, int limit)
    {
        var world = new PermitWorld(limit, nodes);
        foreach (PermitNode node in world.Nodes)
        {
            node.Add(Host, 1_000 / nodes);
        }

        Run(world, rounds: 20);
        PermitNode late = world.Join();
        late.Add(Host, 200);
        Run(world, rounds: 20 + (20 * nodes * 8 / limit));
        Assert.NotEqual(0, late.Started);

        PermitNode killed = world.Nodes[1];
        world.Kill(killed, Hosts);
        Run(world, rounds: 10);
        world.Remove(killed);
        Finish(world, PermitWorld.Good);

        Assert.InRange(world.Nodes.Sum(node => node.Started), (1_000 / nodes * nodes) + 200, 1_200 + (2 * limit));
    }

    [Theory]
    [InlineData(12, 1)]
    [InlineData(12, 5)]
    [InlineData(12, 12)]
    [InlineData(3, 32)]
    public void With_more_links_than_permits_every_node_gets_about_as_much_as_the_others(int nodes, int limit)
    {
        var world = new PermitWorld(limit, nodes);
        foreach (PermitNode node in world.Nodes)
        {
            node.Add(Host, 100_000);
        }

        Run(world, rounds: 50 * 8 * nodes);

        Assert.InRange(world.Nodes.Min(node => node.Started), world.Nodes.Max(node => node.Started) / 2, int.MaxValue);
    }

    [Fact]
    public void A_permit_that_is_not_used_goes_to_the_next_node_and_comes_back_later()
    {
        var world = new PermitWorld(limit: 1, nodes: 3);
        world.Nodes[0].IsBusy = true;
        foreach (PermitNode node in world.Nodes)
        {
            node.Add(Host, 1_000);
        }

        Run(world, rounds: 600);
        Assert.Equal(0, world.Nodes[0].Started);
        Assert.All(world.Nodes.Skip(1), node => Assert.InRange(node.Started, 100, 300));

        world.Nodes[0].IsBusy = false;
        Finish(world, PermitWorld.Good);
    }

    [Fact]
    public void A_host_with_one_link_costs_two_reports_and_two_answers_and_is_forgotten()
    {
        var world = new PermitWorld(limit: 32, nodes: 1);
        PermitNode node = world.Nodes[0];
        for (int i = 0; i < 100; i++)
        {
            node.Add($"host-{i}.example.org:443", 1);
        }

        node.Report(everything: false);
        world.DeliverAll();
        Assert.Equal((2, 100), (world.Messages, node.Started));

        for (int i = 0; i < 100; i++)
        {
            node.Return($"host-{i}.example.org:443", PermitWorld.Good);
        }

        node.Report(everything: false);
        world.DeliverAll();
        Assert.Equal((4, 0, 0), (world.Messages, world.Permits.Hosts.Count, node.Table.Count));
    }

    [Fact]
    public void A_refusal_at_one_node_halves_once_and_pauses_all_until_the_host_may_be_asked_again()
    {
        var world = new PermitWorld(limit: 32, nodes: 3);
        foreach (PermitNode node in world.Nodes)
        {
            node.Add(Host, 1_000);
        }

        Run(world, rounds: 3);
        Assert.Equal(32, world.InFlight(Host));
        int started = world.Nodes.Sum(node => node.Started);
        for (int i = 0; i < 4; i++)
        {
            world.Nodes[1].Return(Host, PermitWorld.Refused with { RetryAfter = TimeSpan.FromSeconds(30) });
        }

        world.Nodes[1].Report(everything: false);
        world.DeliverAll();
        while (world.Nodes.Any(node => node.Return(Host, PermitWorld.Good)))
        {
        }

        Assert.Equal((16, 1), (world.Hosts[Host].State.MaxInFlight, world.Hosts[Host].State.Generation));
        Run(world, rounds: 1_000);
        Assert.Equal(started, world.Nodes.Sum(node => node.Started));
        Run(world, rounds: 510);
        Assert.InRange(world.Nodes.Sum(node => node.Started), started + 16, int.MaxValue);
        Assert.InRange(world.InFlight(Host), 1, 17);
    }

    [Fact]
    public void A_host_that_refuses_everything_is_given_up_and_asked_by_one_link_every_ten_minutes()
    {
        var world = new PermitWorld(limit: 4, nodes: 3);
        foreach (PermitNode node in world.Nodes)
        {
            node.Add(Host, 1_000);
        }

        Run(world, rounds: 100_000, PermitWorld.Refused);
        Assert.True(world.Hosts[Host].State.IsGivenUp);
        Assert.All(world.Nodes, node => Assert.Equal(0, node.Links));

        int started = world.Nodes.Sum(node => node.Started);
        world.Pass(HostState.ProbeAfter, Hosts);
        foreach (PermitNode node in world.Nodes)
        {
            node.Add(Host, 10);
        }

        Run(world, rounds: 200, PermitWorld.Missing);
        Assert.Equal(started + 1, world.Nodes.Sum(node => node.Started));

        world.Pass(HostState.ProbeAfter, Hosts);
        world.Nodes[2].Add(Host, 1);
        Run(world, rounds: 200);
        Assert.False(world.Hosts[Host].State.IsGivenUp);
        world.Nodes[0].Add(Host, 10);
        Run(world, rounds: 200);
        Assert.Equal(started + 12, world.Nodes.Sum(node => node.Started));
    }

    [Fact]
    public void The_machines_own_servers_have_no_limit_also_after_another_coordinator_took_over()
    {
        var world = new PermitWorld(limit: 32, nodes: 1);
        world.FailOver();
        world.Nodes[0].Add("localhost:8080", 1_000);
        world.Nodes[0].Report(everything: false);
        world.DeliverAll();

        Assert.Equal(1_000, world.Nodes[0].Started);
    }

    [Fact]
    public void A_coordinator_that_takes_over_grants_nothing_new_for_the_life_of_a_permit_and_the_nodes_go_on_with_theirs()
    {
        var world = new PermitWorld(limit: 8, nodes: 2);
        world.Nodes[0].Add(Host, 100_000);
        Run(world, rounds: 1);
        world.FailOver();
        world.Nodes[1].Add(Host, 8);
        Run(world, rounds: 2_000);

        Assert.InRange(world.Nodes[0].Started, 8 * 1_900, 8 * 2_002);
        Assert.Equal(0, world.Nodes[1].Started);
        Run(world, rounds: 500);
        Assert.Equal(8, world.Nodes[1].Started);
    }

    [Fact]
    public void A_process_that_was_stopped_drops_its_fetches_and_they_wait_again_while_others_have_its_permits()
    {
        var world = new PermitWorld(limit: 8, nodes: 2);
        world.Nodes[0].Add(Host, 8);
        Run(world, rounds: 1);
        Assert.Equal(8, world.Nodes[0].InFlight(Host));
        world.Nodes[0].Stop();
        world.Nodes[1].Add(Host, 100_000);
        for (TimeSpan end = world.Now + PermitWorld.Life; world.Now < end;)
        {
            Run(world, rounds: 100);
            Assert.Equal(0, world.Nodes[1].Started);
        }

        Run(world, rounds: 400);
        Assert.NotEqual(0, world.Nodes[1].Started);
        world.Nodes[0].Continue();

        Assert.Equal((8, 0, 8), (world.Nodes[0].Dropped, world.Nodes[0].InFlight(Host), world.Nodes[0].Waiting(Host)));
        world.Check();
        Run(world, rounds: 100);
        Assert.Equal(0, world.Nodes[0].Links);
    }

    [Fact]
    public void A_node_that_gets_no_answers_starts_nothing_that_would_outlive_its_permits_and_drops_nothing()
    {
        var world = new PermitWorld(limit: 8, nodes: 1);
        PermitNode node = world.Nodes[0];
        node.Add(Host, 100_000);
        Run(world, rounds: 1);
        int answered = (int)(PermitWorld.Life - new DownloadOptions().TryTimeout).TotalMilliseconds / 20;
        for (int i = 0; i < 2 * answered; i++)
        {
            while (node.InFlight(Host) > 0 && node.Started < 8 * (i + 2))
            {
                node.Return(Host, PermitWorld.Good);
            }

            node.Report(everything: i % 100 == 99);
            node.Out.Clear();
            world.Pass(Step, Hosts);
        }

        Assert.InRange(node.Started, 8 * (answered - 2), 8 * (answered + 2));
        Assert.Equal((0, 0), (node.InFlight(Host), node.Dropped));
    }

    [Fact]
    public void Permits_live_as_long_as_the_longest_try_of_the_job_whatever_the_nodes_own_options()
    {
        TimeSpan job = TimeSpan.FromMinutes(2);
        var table = new NodePermits(new NodeOwner("node"), new DownloadOptions { TryTimeout = TimeSpan.FromSeconds(1) });
        _ = table.Of(PermitWorld.Job, job);
        _ = table.Of(PermitWorld.Job, TimeSpan.FromSeconds(5));

        Assert.Equal(NodePermits.LifeOf(job), table.LifeOf(PermitWorld.Job));
        Assert.Equal(NodePermits.LifeOf(TimeSpan.FromSeconds(1)), table.LifeOf(new JobId("other")));
    }

    [Fact]
    public void A_coordinator_that_takes_over_waits_for_permits_of_the_jobs_longest_try()
    {
        TimeSpan job = TimeSpan.FromMinutes(2);
        var node = new PermitNode(new NodeOwner("node"), () => TimeSpan.Zero);
        var permits = new CoordinatorPermits(new DownloadOptions { HostLimit = 8, TryTimeout = TimeSpan.FromSeconds(1) }, startedAt: TimeSpan.Zero);
        var usage = new FetchProtocol.HostUsage(Host, Wanted: 5, Granted: 0, Returned: 0, Generation: 0, GoodAnswers: 0, Refusal: null);
        var report = new FetchProtocol.ReportHostUsage(PermitWorld.Job, node.Owner, TimeSpan.Zero, NodePermits.LifeOf(job), [usage]);
        TimeSpan grantsFrom = CoordinatorPermits.GrantsFrom(TimeSpan.Zero, job);

        permits.Apply(report, node, grantsFrom - TimeSpan.FromSeconds(1), job);
        Assert.Equal(0, Assert.Single(permits.Hosts).Count);

        permits.Apply(report, node, grantsFrom, job);
        Assert.Equal(5, Assert.Single(permits.Hosts).Count);
    }

    [Fact]
    public void A_refusal_is_reported_until_it_is_answered_and_nothing_starts_meanwhile()
    {
        var world = new PermitWorld(limit: 8, nodes: 1);
        world.Nodes[0].Add(Host, 100);
        Run(world, rounds: 1);
        Assert.True(world.Nodes[0].Return(Host, PermitWorld.Refused));
        Lose(world.Nodes[0]);
        Run(world, rounds: 90);
        Assert.Equal((8, 0), (world.Nodes[0].Started, world.Hosts[Host].State.Generation));

        world.Nodes[0].Report(everything: true);
        Run(world, rounds: 110);
        Assert.Equal((4, 1), (world.Hosts[Host].State.MaxInFlight, world.Hosts[Host].State.Generation));
        Assert.InRange(world.Nodes[0].Started, 9, 100);
    }

    [Fact]
    public void An_answer_to_an_earlier_report_or_from_before_a_permits_life_is_passed_over()
    {
        var world = new PermitWorld(limit: 8, nodes: 2);
        PermitNode node = world.Nodes[0];
        node.Add(Host, 5);
        node.Report(everything: false);
        world.Receive(node);
        FetchProtocol.HostPermitsGranted first = node.In.Peek();
        world.Deliver(node);
        Assert.Equal(5, node.InFlight(Host));
        world.Pass(Step, Hosts);
        node.Report(everything: true);
        world.DeliverAll();
        node.Apply(first with { Hosts = [first.Hosts[0] with { Granted = 8, Share = 8 }] });
        node.Add(Host, 3);
        Assert.Equal(5, node.InFlight(Host));

        world.Nodes[1].Add(Host, 3);
        world.Nodes[1].Report(everything: false);
        world.Receive(world.Nodes[1]);
        world.Pass(PermitWorld.Life, []);
        world.Deliver(world.Nodes[1]);
        Assert.Equal(0, world.Nodes[1].InFlight(Host));
    }

    [Fact]
    public void A_lost_message_is_made_good_by_the_next_report()
    {
        var world = new PermitWorld(limit: 8, nodes: 1);
        PermitNode node = world.Nodes[0];
        node.Add(Host, 1);
        node.Report(everything: false);
        world.Receive(node);
        node.In.Clear();
        Run(world, rounds: 110);
        Assert.Equal(1, node.Started);

        node.Add(Host, 1);
        Run(world, rounds: 1);
        node.Return(Host, PermitWorld.Good);
        Lose(node);
        Finish(world, PermitWorld.Good);
        Assert.InRange(world.Now, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(7));
    }

    [Fact]
    public void A_node_that_asks_again_for_a_host_that_is_given_up_is_answered_again()
    {
        var world = new PermitWorld(limit: 1, nodes: 1);
        PermitNode node = world.Nodes[0];
        node.Add(Host, 30);
        for (int i = 0; i < HostState.RefusalsToGiveUp; i++)
        {
            // A pause is over after a minute, and the life of a permit before.
            world.Pass(TimeSpan.FromMinutes(1), Hosts);
            node.Report(everything: true);
            world.DeliverAll();
            Assert.True(node.Return(Host, PermitWorld.Refused));
            node.Report(everything: false);
            world.DeliverAll();
        }

        node.Report(everything: false);
        world.DeliverAll();
        Assert.Equal((10, 0), (node.Rejected, node.Links));
        Lose(node);
        world.Pass(TimeSpan.FromMinutes(1), []);
        node.Add(Host, 1);
        Assert.Equal(1, node.Waiting(Host));
        node.Report(everything: false);
        world.DeliverAll();

        Assert.Equal((11, 0), (node.Rejected, node.Links));
    }

    private static void Lose(PermitNode node)
    {
        node.Report(everything: false);
        node.Out.Clear();
    }

    private static void Do(PermitWorld world, int step)
    {
        PermitNode[] alive = [.. world.Alive];
        PermitNode node = alive[step / 100 % alive.Length];
        string host = Hosts[step / 50 % 2];
        switch (step % 50)
        {
            case < 6: node.Add(host, 1 + (step % 7 * 3)); break;
            case < 18: node.Return(host, PermitWorld.Good); break;
            case < 20: node.Return(host, PermitWorld.Refused); break;
            case 20: node.Return(host, outcome: null); break;
            case < 27: node.Report(everything: false); break;
            case < 29: node.Report(everything: true); break;
            case < 35: world.Receive(node); break;
            case < 41: world.Deliver(node); break;
            case 41: world.Pass(Step, Hosts); break;
            case 42: world.Pass(TimeSpan.FromSeconds(1.1), Hosts); break;
            case 43: world.Pass(TimeSpan.FromSeconds(5 + (step / 100 % 2 * 30)), Hosts); break;
            case 44: world.Tick(); break;
            case 45 when node.IsStopped: node.Continue(); break;
            case 45: node.Stop(); break;
            case 46: Lose(node); break;
            case 47: node.In.Clear(); break;
            case 48 when alive.Length < 8: world.Join(); break;
            case 48: world.FailOver(); break;
            default:
                if (alive.Length > 1)
                {
                    world.Kill(node, Hosts);
                    world.Remove(node);
                }

                break;
        }

        world.Check();
    }

    /// <summary>Rounds of 20 ms: messages arrive at once, and so does the answer of each request.</summary>
    private static void Run(PermitWorld world, int rounds, FetchOutcome? answer = null)
    {
        for (int i = 0; i < rounds && (i == 0 || world.Alive.Any(node => node.Links > 0)); i++)
        {
            Round(world, i, answer ?? PermitWorld.Good);
        }
    }

    private static void Round(PermitWorld world, int number, FetchOutcome answer)
    {
        foreach (PermitNode node in world.Alive)
        {
            foreach (string host in Hosts)
            {
                for (int left = node.InFlight(host); left > 0; left--)
                {
                    node.Return(host, answer);
                }
            }

            node.Report(everything: number % 100 == 99);
        }

        world.DeliverAll();
        world.Pass(Step, Hosts);
        if (number % 50 == 49)
        {
            world.Tick();
        }
    }

    /// <summary>Nothing is lost from now on: every link ends, and nothing stays behind.</summary>
    private static void Finish(PermitWorld world, FetchOutcome answer)
    {
        foreach (PermitNode stopped in world.Alive.Where(node => node.IsStopped))
        {
            stopped.Continue();
        }

        world.Check();
        for (int i = 0; i < 20_000 && !IsQuiet(world); i++)
        {
            Round(world, i, answer);
        }

        Assert.All(world.Alive, node => Assert.Equal((0, 0), (node.Links, node.Table.Count)));
        Assert.All(world.Permits.Hosts, host => Assert.True(host.IsUnused));
    }

    private static bool IsQuiet(PermitWorld world) =>
        world.Alive.All(node => node is { Links: 0, Table.Count: 0 }) && world.Permits.Hosts.All(host => host.IsUnused);
}
