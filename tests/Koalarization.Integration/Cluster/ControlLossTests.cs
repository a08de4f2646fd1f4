using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>Control nodes that are lost while a job is in work.</summary>
[Trait("Takes", "minutes")]
public sealed class ControlLossTests(ITestOutputHelper output) : ClusterFixture(output)
{
    /// <summary>What a node tells its supervisor when the cluster went on without it, or it without the cluster.</summary>
    private const int LeftAlone = 4;

    [Theory]
    [InlineData(0)] // of the coordinator, and with the lowest address
    [InlineData(2)] // of neither
    public async Task One_of_three_control_nodes_is_lost_and_the_others_go_on(int which)
    {
        (SortedDictionary<string, string> expected, string job) = await BegunAsync("control", "control", "control", "fetch", "embed", "write");
        ClusterNode lost = Cluster.Nodes[which];
        await lost.KillAsync();

        await Cluster.EndAsync(job, TimeSpan.FromMinutes(4));

        ClusterOfProcesses.AssertAlive(Cluster.Nodes.Where(node => node != lost));
        await ClusterWork.AssertSameAsync(expected, Cluster["data"]);
        Cluster.Passed();
    }

    [Fact]
    public async Task The_lowest_address_is_lost_while_another_has_the_coordinator()
    {
        // Started again, it is the youngest.
        AddAll("control", "control", "control", "fetch", "embed", "write");
        ClusterNode lowest = Cluster.Nodes[0];
        await Cluster.StartAsync();
        await lowest.KillAsync();
        await Cluster.StartAsync();
        (SortedDictionary<string, string> expected, string job) = await BegunAsync();
        await lowest.KillAsync();

        await Cluster.EndAsync(job, TimeSpan.FromMinutes(4));

        ClusterOfProcesses.AssertAlive(Cluster.Nodes.Where(node => node != lowest));
        await ClusterWork.AssertSameAsync(expected, Cluster["data"]);
        Cluster.Passed();
    }

    [Fact]
    public async Task The_only_control_node_is_back_soon_and_no_other_ends()
    {
        (SortedDictionary<string, string> expected, string job) = await BegunAsync("control", "fetch", "embed", "write");
        ClusterNode control = Cluster.Nodes[0];
        for (int i = 0; i < 2; i++)
        {
            await control.KillAsync();
            await Pause.ForAsync(TimeSpan.FromSeconds(1));
            control.Start();
            await Cluster.MembersAsync([.. Cluster.Nodes]);
        }

        await Cluster.EndAsync(job, TimeSpan.FromMinutes(4));

        ClusterOfProcesses.AssertAlive(Cluster.Nodes);
        Assert.All(Cluster.Nodes.Skip(1), node => Assert.Equal(1, node.Starts));
        await ClusterWork.AssertSameAsync(expected, Cluster["data"]);
        Cluster.Passed();
    }

    [Fact]
    public async Task The_only_control_node_is_back_late_and_workers_that_left_finish_the_set_when_they_are_started_again()
    {
        (SortedDictionary<string, string> expected, string job) = await BegunAsync("control", "fetch", "embed", "write");
        await Cluster.Nodes[0].KillAsync();

        foreach (ClusterNode worker in Cluster.Nodes.Skip(1))
        {
            Assert.Equal(LeftAlone, await worker.EndAsync(TimeSpan.FromMinutes(2)));
        }

        await Cluster.StartAsync();
        await Cluster.EndAsync(job, TimeSpan.FromMinutes(4));

        await ClusterWork.AssertSameAsync(expected, Cluster["data"]);
        Cluster.Passed();
    }

    /// <summary>A cluster with a job in work, and the set that is expected of it.</summary>
    private async Task<(SortedDictionary<string, string> Expected, string Job)> BegunAsync(params string[] roles)
    {
        ClusterWork work = new ClusterWork(Folder, batchSize: 50).With(Web.Links(2000));
        SortedDictionary<string, string> expected = await work.ExpectedAsync();
        AddAll(roles);
        await Cluster.StartAsync();
        string job = await Cluster.SubmitAsync(work.Submitting("data"));
        await WritingAsync(job);
        return (expected, job);
    }
}
