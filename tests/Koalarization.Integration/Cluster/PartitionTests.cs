using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>A network that parts a cluster in halves.</summary>
[Trait("Takes", "minutes")]
public sealed class PartitionTests(ITestOutputHelper output) : ClusterFixture(output)
{
    /// <summary>What a node tells its supervisor when the cluster went on without it.</summary>
    private const int LeftAlone = 4;

    [Fact]
    public async Task One_half_survives_and_finishes_and_the_other_leaves()
    {
        ClusterWork work = new ClusterWork(Folder, batchSize: 50).With(Web.Links(2000));
        SortedDictionary<string, string> expected = await work.ExpectedAsync();
        Cluster.IsBehindProxies = true;
        ClusterNode[] survivors = AddAll("control", "control", "fetch,write", "embed");
        ClusterNode[] others = AddAll("control", "fetch,write", "embed");
        await Cluster.StartAsync();
        string job = await Cluster.SubmitAsync(work.Submitting("data"));
        await WritingAsync(job);

        Cluster.Part(survivors, others);
        foreach (ClusterNode other in others)
        {
            Assert.Equal(LeftAlone, await other.EndAsync(TimeSpan.FromMinutes(2)));
        }

        await Cluster.EndAsync(job, TimeSpan.FromMinutes(4));
        ClusterOfProcesses.AssertAlive(survivors);
        await ClusterWork.AssertSameAsync(expected, Cluster["data"]);
        Cluster.Passed();
    }
}
