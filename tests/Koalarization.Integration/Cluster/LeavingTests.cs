using Koalarization.Integration.Runs;
using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>Nodes that are told to leave while a job is in work.</summary>
[Trait("Takes", "minutes")]
public sealed class LeavingTests(ITestOutputHelper output) : ClusterFixture(output)
{
    [Fact]
    public async Task One_of_each_role_leaves_in_its_time_and_the_others_finish()
    {
        ClusterWork work = new ClusterWork(Folder, batchSize: 50).With(Web.Links(3000));
        SortedDictionary<string, string> expected = await work.ExpectedAsync();
        ClusterNode[] leaving = AddAll("control", "fetch", "embed", "write");
        ClusterNode[] staying = AddAll("control", "fetch", "embed", "write");
        await Cluster.StartAsync();
        string job = await Cluster.SubmitAsync(work.Submitting("data"));
        await WritingAsync(job);

        foreach (ClusterNode node in leaving.Reverse())
        {
            if (node.Roles == "fetch")
            {
                KoalaRun drained = await Cluster.KoalaAsync("drain", node.Address, "--json");
                Assert.True(drained.ExitCode == 0, drained.Output + drained.Errors);
                Assert.Equal(0, await node.EndAsync(TimeSpan.FromMinutes(1)));
            }
            else
            {
                await ClusterOfProcesses.LeaveAsync(node);
            }
        }

        await Cluster.EndAsync(job, TimeSpan.FromMinutes(4));
        ClusterOfProcesses.AssertAlive(staying);
        await ClusterWork.AssertSameAsync(expected, Cluster["data"]);
        Cluster.Passed();
    }

    [Fact]
    public async Task All_leave_at_once_and_started_again_they_finish()
    {
        ClusterWork work = new ClusterWork(Folder, batchSize: 50).With(Web.Links(1500));
        SortedDictionary<string, string> expected = await work.ExpectedAsync();
        AddAll("control", "fetch", "embed", "write");
        await Cluster.StartAsync();
        string job = await Cluster.SubmitAsync(work.Submitting("data"));
        await WritingAsync(job);

        await ClusterOfProcesses.LeaveAsync([.. Cluster.Nodes]);
        Assert.DoesNotContain(Tree.Temporary(Cluster["data"]), path => path.Contains("/tmp/", StringComparison.Ordinal));
        await Cluster.StartAsync();
        await Cluster.EndAsync(job, TimeSpan.FromMinutes(4));

        await ClusterWork.AssertSameAsync(expected, Cluster["data"]);
        Cluster.Passed();
    }
}
