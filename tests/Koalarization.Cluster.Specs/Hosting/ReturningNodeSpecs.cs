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
        KoalaNode control = await StartAsync(new NodeEndpointOptions { Roles = [NodeRoles.Control], Port = 0, Members = book });
        int port = control.Cluster.SelfAddress.Port!.Value;
        KoalaNode worker = await StartAsync(new NodeEndpointOptions { Roles = [NodeRoles.Fetch], Port = 0, Seeds = [control.Address] });
        await UntilAsync(() => Assert.Equal([control.Address, worker.Address], book.Read().OrderBy(address => address != control.Address)));

        await control.KillAsync();
        KoalaNode again = await StartAsync(new NodeEndpointOptions { Roles = [NodeRoles.Control], Port = port, Members = book });

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
        KoalaNode control = await StartAsync(new NodeEndpointOptions { Roles = [NodeRoles.Control], Port = 0, Members = book });

        await UntilAsync(() => Assert.Equal([control.Cluster.SelfAddress.Port!.Value], control.UpPorts));
    }

    private async Task<KoalaNode> StartAsync(NodeEndpointOptions endpoint)
    {
        KoalaNode node = await KoalaNode.StartAsync(endpoint);
        _nodes.Add(node);
        return node;
    }

    private Task UntilAsync(Action assertion) => AwaitAssertAsync(assertion, Timeout, TimeSpan.FromMilliseconds(200));
}
