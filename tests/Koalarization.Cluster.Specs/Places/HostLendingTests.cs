using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Koalarization.Harvest;

namespace Koalarization.Cluster.Specs;

/// <summary>The lending and the nodes' tables together: what must never be, and what must come about.</summary>
public sealed class HostLendingTests
{
    private const string Host = "pictures.example.org:443";
    private static readonly string[] Hosts = [Host, "other.example.org:80"];
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Any interleaving of links, answers, refusals, slow and lost mail, time, nodes that join and die, and coordinators that take over: never more on
    /// the way than the host has places, nothing lent beyond them, and in the end every link is through and nobody holds anything.
    /// </summary>
    [Property(MaxTest = 300)]
    public Property Never_more_than_the_places_and_all_come_to_an_end() =>
        Prop.ForAll(
            Gen.Choose(1, 12).SelectMany(limit => Gen.Choose(1, 5), (limit, nodes) => (limit, nodes)).ToArbitrary(),
            Gen.ListOf(Gen.Choose(0, 9_999)).Select(list => list.ToArray()).Resize(300).ToArbitrary(),
            (size, steps) =>
            {
                var world = new PlacesWorld(size.limit, size.nodes);
                foreach (int step in steps)
                {
                    Do(world, step);
                }

                Finish(world, answer: PlacesWorld.Good);
            });

    [Theory]
    [InlineData(3, 32)]
    [InlineData(3, 1)]
    [InlineData(12, 32)]
    [InlineData(12, 4)]
    public void A_thousand_links_of_one_host_while_one_node_joins_and_one_dies(int nodes, int limit)
    {
        var world = new PlacesWorld(limit, nodes);
        foreach (PlacesNode node in world.Nodes)
        {
            node.Add(Host, 1_000 / nodes, TimeSpan.Zero);
        }

        Run(world, rounds: 20);
        PlacesNode late = world.Join();
        late.Add(Host, 200, world.Now);
        Run(world, rounds: 20 + (20 * nodes * 8 / limit));
        Assert.NotEqual(0, late.Started);

        PlacesNode killed = world.Nodes[1];
        world.Kill(killed, Hosts);
        Run(world, rounds: 10);
        world.Remove(killed);
        Finish(world, PlacesWorld.Good);

        Assert.InRange(world.Nodes.Sum(node => node.Started), (1_000 / nodes * nodes) + 200, 1_200 + (2 * limit));
    }

    [Theory]
    [InlineData(12, 1)]
    [InlineData(12, 5)]
    [InlineData(12, 12)]
    [InlineData(3, 32)]
    public void With_more_wants_than_places_every_node_gets_about_as_much_as_the_others(int nodes, int limit)
    {
        var world = new PlacesWorld(limit, nodes);
        foreach (PlacesNode node in world.Nodes)
        {
            node.Add(Host, 100_000, TimeSpan.Zero);
        }

        Run(world, rounds: 50 * nodes * HostLoans.RequestsOfATurn / Math.Min(limit, 8));

        Assert.InRange(world.Nodes.Min(node => node.Started), world.Nodes.Max(node => node.Started) / 2, int.MaxValue);
    }

    [Fact]
    public void A_node_that_does_not_use_its_turn_loses_it_and_gets_another_later()
    {
        var world = new PlacesWorld(limit: 1, nodes: 3);
        world.Nodes[0].IsBusy = true;
        foreach (PlacesNode node in world.Nodes)
        {
            node.Add(Host, 1_000, world.Now);
        }

        Run(world, rounds: 600);
        Assert.Equal(0, world.Nodes[0].Started);
        Assert.All(world.Nodes.Skip(1), node => Assert.InRange(node.Started, 3 * HostLoans.RequestsOfATurn, 100));

        world.Nodes[0].IsBusy = false;
        Finish(world, PlacesWorld.Good);
    }

    [Fact]
    public void A_host_with_one_link_costs_two_words_and_one_grant_and_is_forgotten()
    {
        var world = new PlacesWorld(limit: 32, nodes: 1);
        PlacesNode node = world.Nodes[0];
        for (int i = 0; i < 200; i++)
        {
            node.Add($"host-{i}.example.org:443", 1, world.Now);
        }

        node.Say(PlacesWorld.Job, everything: false);
        world.DeliverAll();
        Assert.Equal((2, 200), (world.Messages, node.Started));

        for (int i = 0; i < 200; i++)
        {
            node.Return($"host-{i}.example.org:443", PlacesWorld.Good, world.Now);
        }

        node.Say(PlacesWorld.Job, everything: false);
        world.DeliverAll();
        Assert.Equal((3, 0, 0), (world.Messages, world.Lending.Hosts.Count, node.Table.Count));
    }

    [Fact]
    public void A_refusal_at_one_node_halves_once_and_quiets_all_until_the_host_may_be_asked_again()
    {
        var world = new PlacesWorld(limit: 32, nodes: 3);
        foreach (PlacesNode node in world.Nodes)
        {
            node.Add(Host, 1_000, world.Now);
        }

        Run(world, rounds: 3);
        Assert.Equal(32, world.OnTheWay(Host));
        int started = world.Nodes.Sum(node => node.Started);
        for (int i = 0; i < 4; i++)
        {
            world.Nodes[1].Return(Host, PlacesWorld.Refused with { RetryAfter = TimeSpan.FromSeconds(30) }, world.Now);
        }

        world.Nodes[1].Say(PlacesWorld.Job, everything: false);
        world.DeliverAll();
        while (world.Nodes.Any(node => node.Return(Host, PlacesWorld.Good, world.Now)))
        {
        }

        Assert.Equal((16, 1), (world.Lending.Hosts[Host].State.Places, world.Lending.Hosts[Host].State.Era));
        Run(world, rounds: 1_000);
        Assert.Equal(started, world.Nodes.Sum(node => node.Started));
        Run(world, rounds: 510);
        Assert.InRange(world.Nodes.Sum(node => node.Started), started + 16, int.MaxValue);
        Assert.InRange(world.OnTheWay(Host), 1, 17);
    }

    [Fact]
    public void A_host_that_refuses_everything_is_given_up_and_asked_by_one_link_every_ten_minutes()
    {
        var world = new PlacesWorld(limit: 4, nodes: 3);
        foreach (PlacesNode node in world.Nodes)
        {
            node.Add(Host, 1_000, world.Now);
        }

        Run(world, rounds: 100_000, PlacesWorld.Refused);
        Assert.True(world.Lending.Hosts[Host].State.IsGivenUp);
        Assert.All(world.Nodes, node => Assert.Equal(0, node.Links));

        int started = world.Nodes.Sum(node => node.Started);
        world.Pass(HostState.ProbeAfter, Hosts);
        foreach (PlacesNode node in world.Nodes)
        {
            node.Add(Host, 10, world.Now);
        }

        Run(world, rounds: 200, PlacesWorld.Missing);
        Assert.Equal(started + 1, world.Nodes.Sum(node => node.Started));

        world.Pass(HostState.ProbeAfter, Hosts);
        world.Nodes[2].Add(Host, 1, world.Now);
        Run(world, rounds: 200);
        Assert.False(world.Lending.Hosts[Host].State.IsGivenUp);
        world.Nodes[0].Add(Host, 10, world.Now);
        Run(world, rounds: 200);
        Assert.Equal(started + 12, world.Nodes.Sum(node => node.Started));
    }

    [Fact]
    public void The_machines_own_servers_have_no_limit()
    {
        var world = new PlacesWorld(limit: 32, nodes: 1);
        world.Nodes[0].Add("localhost:8080", 1_000, world.Now);
        world.Nodes[0].Say(PlacesWorld.Job, everything: false);
        FetchProtocol.HostPlaces lent = world.Lending.Report(world.Nodes[0].Owner, world.Nodes[0].Out.Dequeue().Hosts, world.Now)[0].Message.Hosts[0];

        Assert.Equal((int.MaxValue, 0), (lent.Places, lent.Turn));
    }

    [Fact]
    public void A_coordinator_that_takes_over_lends_nothing_that_a_node_has_from_the_one_before()
    {
        var world = new PlacesWorld(limit: 8, nodes: 2);
        world.Nodes[0].Add(Host, 8, world.Now);
        Run(world, rounds: 1);
        world.FailOver();
        world.Nodes[1].Add(Host, 8, world.Now);
        world.Nodes[1].Say(PlacesWorld.Job, everything: false);
        world.DeliverAll();
        world.Pass(TimeSpan.FromSeconds(5), Hosts);
        world.Tick();
        world.DeliverAll();

        Assert.Equal((8, 0), (world.Nodes[0].OnTheWay(Host), world.Nodes[1].OnTheWay(Host)));
        Finish(world, PlacesWorld.Good);
    }

    [Fact]
    public void A_refusal_is_said_until_it_is_heard_and_nothing_goes_out_meanwhile()
    {
        var world = new PlacesWorld(limit: 8, nodes: 1);
        world.Nodes[0].Add(Host, 100, world.Now);
        Run(world, rounds: 1);
        Assert.True(world.Nodes[0].Return(Host, PlacesWorld.Refused, world.Now));
        Lose(world.Nodes[0]);
        Run(world, rounds: 90);
        Assert.Equal((8, 0), (world.Nodes[0].Started, world.Lending.Hosts[Host].State.Era));

        world.Nodes[0].Say(PlacesWorld.Job, everything: true);
        Run(world, rounds: 110);
        Assert.Equal((4, 1), (world.Lending.Hosts[Host].State.Places, world.Lending.Hosts[Host].State.Era));
        Assert.InRange(world.Nodes[0].Started, 9, 100);
    }

    [Fact]
    public void What_was_said_before_is_passed_over()
    {
        var world = new PlacesWorld(limit: 8, nodes: 1);
        world.Nodes[0].Add(Host, 5, world.Now);
        Run(world, rounds: 1);
        long newest = 2L << 32;
        foreach ((long generation, int places) in new[] { (newest, 3), (newest - 1, 8) })
        {
            world.Nodes[0].Follow(
                new FetchProtocol.HostsLent(PlacesWorld.Job, [new FetchProtocol.HostPlaces(Host, generation, places, 0, TimeSpan.Zero, false, null, 0)]), world.Now);
        }

        Assert.Equal(5, world.Nodes[0].Table.All()[0].Held);
        world.Nodes[0].Add(Host, 9, world.Now);
        Assert.Equal(5, world.Nodes[0].OnTheWay(Host));
    }

    [Fact]
    public void The_last_word_of_a_node_is_asked_for_when_it_was_lost()
    {
        var world = new PlacesWorld(limit: 8, nodes: 1);
        world.Nodes[0].Add(Host, 1, world.Now);
        Run(world, rounds: 1);
        world.Nodes[0].Return(Host, PlacesWorld.Good, world.Now);
        Lose(world.Nodes[0]);

        Finish(world, PlacesWorld.Good);
        Assert.InRange(world.Now, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(9));
    }

    [Fact]
    public void A_node_that_asks_again_for_a_host_that_is_given_up_is_told_again()
    {
        var world = new PlacesWorld(limit: 1, nodes: 1);
        PlacesNode node = world.Nodes[0];
        node.Add(Host, 30, world.Now);
        for (int i = 0; i < HostState.RefusalsToGiveUp; i++)
        {
            node.Say(PlacesWorld.Job, everything: false);
            world.DeliverAll();
            world.Pass(TimeSpan.FromMinutes(1), Hosts);
            Assert.True(node.Return(Host, PlacesWorld.Refused, world.Now));
        }

        node.Say(PlacesWorld.Job, everything: false);
        world.DeliverAll();
        Assert.Equal((10, 0), (node.TurnedAway, node.Links));
        Lose(node);
        world.Pass(TimeSpan.FromMinutes(1), []);
        node.Add(Host, 1, world.Now);
        Assert.Equal(1, node.Waiting(Host));
        node.Say(PlacesWorld.Job, everything: false);
        world.DeliverAll();

        Assert.Equal((11, 0), (node.TurnedAway, node.Links));
    }

    private static void Lose(PlacesNode node)
    {
        node.Say(PlacesWorld.Job, everything: false);
        node.Out.Clear();
    }

    private static void Do(PlacesWorld world, int step)
    {
        PlacesNode[] alive = [.. world.Alive];
        PlacesNode node = alive[step / 100 % alive.Length];
        string host = Hosts[step / 50 % 2];
        switch (step % 50)
        {
            case < 6: node.Add(host, 1 + (step % 7 * 3), world.Now); break;
            case < 18: node.Return(host, PlacesWorld.Good, world.Now); break;
            case < 20: node.Return(host, PlacesWorld.Refused, world.Now); break;
            case 20: node.Return(host, outcome: null, world.Now); break;
            case < 27: node.Say(PlacesWorld.Job, everything: false); break;
            case < 29: node.Say(PlacesWorld.Job, everything: true); break;
            case < 35: world.Hear(node); break;
            case < 41: world.Deliver(node); break;
            case 41: world.Pass(Step, Hosts); break;
            case 42: world.Pass(TimeSpan.FromSeconds(1.1), Hosts); break;
            case 43: world.Pass(TimeSpan.FromSeconds(5), Hosts); break;
            case < 46: world.Tick(); break;
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

    /// <summary>Rounds of 20 ms: mail arrives at once, and so does one answer of each request.</summary>
    private static void Run(PlacesWorld world, int rounds, FetchOutcome? answer = null)
    {
        for (int i = 0; i < rounds && (i == 0 || world.Alive.Any(node => node.Links > 0)); i++)
        {
            Round(world, i, answer ?? PlacesWorld.Good);
        }
    }

    private static void Round(PlacesWorld world, int number, FetchOutcome answer)
    {
        foreach (PlacesNode node in world.Alive)
        {
            foreach (string host in Hosts)
            {
                for (int left = node.OnTheWay(host); left > 0; left--)
                {
                    node.Return(host, answer, world.Now);
                }
            }

            node.Say(PlacesWorld.Job, everything: number % 100 == 99);
        }

        world.DeliverAll();
        world.Pass(Step, Hosts);
        if (number % 50 == 49)
        {
            world.Tick();
        }
    }

    /// <summary>Nothing is lost from now on: every link ends, and nothing is left.</summary>
    private static void Finish(PlacesWorld world, FetchOutcome answer)
    {
        for (int i = 0; i < 20_000 && !IsQuiet(world); i++)
        {
            Round(world, i, answer);
        }

        Assert.All(world.Alive, node => Assert.Equal((0, 0), (node.Links, node.Table.Count)));
        Assert.All(world.Lending.Hosts.Values, host => Assert.True(host.IsQuiet));
    }

    private static bool IsQuiet(PlacesWorld world) =>
        world.Alive.All(node => node is { Links: 0, Table.Count: 0 }) && world.Lending.Hosts.Values.All(host => host.IsQuiet);
}
