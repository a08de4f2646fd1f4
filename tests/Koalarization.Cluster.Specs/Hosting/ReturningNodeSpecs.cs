using Akka.Cluster;
using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Membership;

namespace Koalarization.Cluster.Specs.Hosting;

/// <summary>Nodes that are killed and start again on the same port, with remoting between them.</summary>
public sealed class ReturningNodeSpecs : TestKit, IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder _store = new();
    private readonly List<KoalaNode> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync()
    {
        foreach (KoalaNode node in Enumerable.Reverse(_nodes))
        {
            await node.DisposeAsync();
        }

        _store.Dispose();
    }

    [Fact]
    public async Task The_only_control_node_comes_back_to_the_cluster_that_it_left_behind_and_a_worker_to_its_seed()
    {
        var book = new SeedNodeFile(_store.Path, "control");
        KoalaNode control = await StartAsync(new NodeEndpointOptions { Roles = [NodeRoles.Control], Port = 0, Members = book, Beats = Beats("first") });
        int port = control.Cluster.SelfAddress.Port!.Value;
        KoalaNode worker = await StartAsync(new NodeEndpointOptions { Roles = [NodeRoles.Fetch], Port = 0, Seeds = [control.Address] });
        await UntilAsync(() => Assert.Equal([control.Address, worker.Address], book.Read().OrderBy(address => address != control.Address)));

        await control.KillAsync();
        KoalaNode again = await StartAsync(new NodeEndpointOptions { Roles = [NodeRoles.Control], Port = port, Members = book, Beats = Beats("first") });

        // The same cluster: the worker was a member before it.
        await UntilAsync(() =>
        {
            Assert.Equal([port, worker.Cluster.SelfAddress.Port!.Value], again.UpPorts.OrderBy(one => one != port));
            Assert.Contains(worker.Cluster.State.Members, member => member.UniqueAddress.Equals(again.Cluster.SelfUniqueAddress) && member.Status == MemberStatus.Up);
        });
        Assert.False(worker.Cluster.IsTerminated);
    }

    [Fact]
    public async Task A_control_node_whose_cluster_is_gone_founds_another()
    {
        var book = new SeedNodeFile(_store.Path, "control");
        book.Write(["127.0.0.1:1", "127.0.0.1:2"]);
        KoalaNode control = await StartAsync(new NodeEndpointOptions { Roles = [NodeRoles.Control], Port = 0, Members = book, Beats = Beats("first") });

        await UntilAsync(() => Assert.Equal([control.Cluster.SelfAddress.Port!.Value], control.UpPorts));
    }

    [Fact]
    public async Task A_first_seed_founds_no_second_cluster_while_one_lives_that_its_store_does_not_name()
    {
        var book = new SeedNodeFile(_store.Path, "control");
        KoalaNode first = await StartAsync(new NodeEndpointOptions { Roles = [NodeRoles.Control], Port = 0 });
        int port = first.Cluster.SelfAddress.Port!.Value;
        KoalaNode second = await StartAsync(
            new NodeEndpointOptions { Roles = [NodeRoles.Control], Port = 0, Seeds = [first.Address], Members = new SeedNodeFile(_store.Path + "/elsewhere", "second"), Beats = Beats("second") });
        await UntilAsync(() => Assert.Equal([second.Address], Beats("first").ReadOthers().Select(beat => beat.Node)));
        await first.KillAsync();

        // As a cluster wrote it that is gone.
        book.Write(["127.0.0.1:1"]);
        KoalaNode again = await StartAsync(new NodeEndpointOptions { Roles = [NodeRoles.Control], Port = port, Members = book, Beats = Beats("first") });

        await UntilAsync(() => Assert.Contains(second.Cluster.SelfAddress.Port!.Value, again.UpPorts));
        Assert.False(second.Cluster.IsTerminated);
    }

    [Fact]
    public async Task Of_two_clusters_on_one_store_the_lesser_ends()
    {
        KoalaNode lesser = await StartAsync(new NodeEndpointOptions { Roles = [NodeRoles.Control], Port = 0, Members = new SeedNodeFile(_store.Path, "lesser"), Beats = Beats("lesser") });
        KoalaNode itsWorker = await StartAsync(new NodeEndpointOptions { Roles = [NodeRoles.Fetch], Port = 0, Seeds = [lesser.Address] });

        // It does not look for others before it founds its own, as one that was founded while the other was stopped.
        KoalaNode first = await StartAsync(new NodeEndpointOptions { Roles = [NodeRoles.Control], Port = 0 });
        KoalaNode second = await StartAsync(
            new NodeEndpointOptions { Roles = [NodeRoles.Control], Port = 0, Seeds = [first.Address], Members = new SeedNodeFile(_store.Path, "second"), Beats = Beats("second") });

        await UntilAsync(() => Assert.All([lesser, itsWorker], node => Assert.True(node.Cluster.IsTerminated)));
        Assert.Equal(2, second.UpPorts.Count);
        Assert.All([first, second], node => Assert.False(node.Cluster.IsTerminated));
    }

    private ControlBeatFiles Beats(string node) => new(_store.Path, node);

    private async Task<KoalaNode> StartAsync(NodeEndpointOptions endpoint)
    {
        KoalaNode node = await KoalaNode.StartAsync(endpoint);
        _nodes.Add(node);
        return node;
    }

    private Task UntilAsync(Action assertion) => AwaitAssertAsync(assertion, Timeout, TimeSpan.FromMilliseconds(200));
}
