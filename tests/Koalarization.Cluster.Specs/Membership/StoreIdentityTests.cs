using Akka.TestKit.Xunit2;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Membership;
using Koalarization.Cluster.Specs.Hosting;

namespace Koalarization.Cluster.Specs.Membership;

public sealed class StoreIdentityTests : TestKit
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [Fact]
    public void All_nodes_of_a_store_have_one_name_and_those_of_another_store_another()
    {
        using TemporaryFolder one = new(), other = new();
        string[] names = [.. Enumerable.Range(0, 8).AsParallel().Select(node => StoreIdentity.SystemNameOf(StoreIdentity.MarkOf(one.Path, $"trial-{node}")))];

        Assert.Matches("^koala-[0-9a-f]{32}$", Assert.Single(names.Distinct()));
        Assert.NotEqual(names[0], StoreIdentity.SystemNameOf(StoreIdentity.MarkOf(other.Path, "trial")));
        Assert.Equal([Path.Combine(one.Path, ".koala", "store.json")], Directory.GetFileSystemEntries(Path.Combine(one.Path, ".koala")));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("{\"id\":\"../x\"}")]
    [InlineData("{\"id\":null}")]
    public void An_id_that_no_node_wrote_is_refused(string content)
    {
        using var store = new TemporaryFolder();
        Directory.CreateDirectory(store[".koala"]);
        File.WriteAllText(store[".koala/store.json"], content);

        Assert.Throws<InvalidDataException>(() => StoreIdentity.MarkOf(store.Path, "trial"));
    }

    [Fact]
    public async Task Nodes_of_two_stores_do_not_become_one_cluster_and_the_one_that_is_asked_names_its_own()
    {
        await using KoalaNode one = await KoalaNode.StartAsync(new NodeEndpointOptions { Roles = [NodeRoles.Control], Port = 0, SystemName = "koala-one" });
        await using KoalaNode other = await KoalaNode.StartAsync(new NodeEndpointOptions { Roles = [NodeRoles.Fetch], Port = 0, SystemName = "koala-other", Seeds = [one.Address] });

        await AwaitAssertAsync(
            () => Assert.Contains(one.Warnings, line => line.Contains("this store's nodes are koala-one", StringComparison.Ordinal)), Timeout, TimeSpan.FromMilliseconds(100));
        Assert.Single(one.UpPorts);
        Assert.Empty(other.UpPorts);
    }
}
