using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>Any process of a cluster, killed at any moment.</summary>
[Trait("Takes", "minutes")]
public sealed class ClusterKillTests(ITestOutputHelper output) : ClusterFixture(output)
{
    [Fact]
    public async Task Nine_processes_of_which_one_is_killed_again_and_again_make_the_undisturbed_set()
    {
        ClusterWork work = new ClusterWork(Folder, batchSize: 50).With(Web.Links(3000));
        SortedDictionary<string, string> expected = await work.ExpectedAsync();
        AddAll("control", "control", "control", "fetch", "fetch", "embed", "embed", "write", "write");
        await Cluster.StartAsync();

        string job = await Cluster.SubmitAsync(work.Submitting("data"));
        int kills = await KillUntilDoneAsync(job, new Random(20_001));

        Output.WriteLine($"killed {kills} processes");
        Assert.True(kills >= 5, $"{kills} kills show too little");
        await ClusterWork.AssertSameAsync(expected, Cluster["data"]);
        Cluster.Passed();
    }

    private async Task<int> KillUntilDoneAsync(string job, Random random)
    {
        int kills = 0;
        Task end = Cluster.EndAsync(job, TimeSpan.FromMinutes(6));
        while (!end.IsCompleted)
        {
            ClusterNode victim = Cluster.Nodes[random.Next(Cluster.Nodes.Count)];
            await victim.KillAsync();
            kills++;
            await Pause.ForAsync(TimeSpan.FromSeconds(1));
            ClusterOfProcesses.AssertAlive(Cluster.Nodes.Where(node => node != victim));
            victim.Start();
            await Task.WhenAny(end, Pause.ForAsync(TimeSpan.FromMilliseconds(random.Next(500, 6000))));
        }

        await end;
        return kills;
    }
}
