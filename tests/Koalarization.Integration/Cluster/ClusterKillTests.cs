using Xunit.Abstractions;

namespace Koalarization.Integration;

/// <summary>Any process of a cluster, killed at any moment.</summary>
public sealed class ClusterKillTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private PictureWeb _web = null!;

    public async Task InitializeAsync() => _web = await PictureWeb.StartAsync();

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Nine_processes_of_which_one_is_killed_again_and_again_make_the_undisturbed_set()
    {
        ClusterWork work = new ClusterWork(_folder, batchSize: 50).With(_web.Links(3000));
        SortedDictionary<string, string> expected = await work.ExpectedAsync();
        await using var cluster = new ClusterOfProcesses(_folder.Path, output);
        foreach (string roles in (string[])["control", "control", "control", "fetch", "fetch", "embed", "embed", "write", "write"])
        {
            cluster.Add(roles, roles == "embed" ? ["--device", "simulated:150"] : []);
        }

        await cluster.StartAsync();
        string job = await cluster.SubmitAsync(work.Submitting("data"));
        int kills = await KillUntilDoneAsync(cluster, job, new Random(20_001));
        output.WriteLine($"killed {kills} processes");

        Assert.True(kills >= 5, $"{kills} kills show too little");
        await ClusterWork.AssertSameAsync(expected, cluster["data"]);
        cluster.Passed();
    }

    private static async Task<int> KillUntilDoneAsync(ClusterOfProcesses cluster, string job, Random random)
    {
        int kills = 0;
        Task end = cluster.EndAsync(job, TimeSpan.FromMinutes(6));
        while (!end.IsCompleted)
        {
            ClusterNode victim = cluster.Nodes[random.Next(cluster.Nodes.Count)];
            await victim.KillAsync();
            kills++;
            await Pause.ForAsync(TimeSpan.FromSeconds(1));
            ClusterOfProcesses.AssertAlive(cluster.Nodes.Where(node => node != victim));
            victim.Start();
            await Task.WhenAny(end, Pause.ForAsync(TimeSpan.FromMilliseconds(random.Next(500, 6000))));
        }

        await end;
        return kills;
    }
}
