using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>What changes outcomes is the job's: nodes with other options make the same set.</summary>
public sealed class JobRulesTests(ITestOutputHelper output) : ClusterFixture(output)
{
    [Fact]
    public async Task Fetch_nodes_that_were_started_with_different_options_make_the_set_of_koala_run()
    {
        ClusterWork work = new ClusterWork(Folder, batchSize: 40).With(Web.Links(1200));
        SortedDictionary<string, string> expected = await work.ExpectedAsync();
        Cluster.Add("control");
        Cluster.Add("fetch", "--max-bytes", "1000", "--tries", "1", "--user-agent", "node", "--allow-private");
        Cluster.Add("fetch", "--max-megapixels", "0.001", "--timeout", "0.001");
        Cluster.Add("fetch", "--forbid-private");
        Cluster.Add("embed,write", "--device", "simulated");
        await Cluster.StartAsync();
        Web.Gate = new TaskCompletionSource();

        string job = await Cluster.SubmitAsync([.. work.Submitting("data"), "--first-byte-timeout", "120", "--timeout", "120"]);
        await Pause.UntilAsync("the node that forbids private addresses says so", TimeSpan.FromMinutes(1), async () =>
            (await Cluster.KoalaAsync("nodes", "--json")).Output.Contains("It gets no slices of", StringComparison.Ordinal));
        KoalaRun nodes = await Cluster.KoalaAsync("nodes", "--json");
        Web.Gate.SetResult();
        await Cluster.EndAsync(job, TimeSpan.FromMinutes(3));

        Assert.Equal(1, nodes.Output.Split("--forbid-private").Length - 1);
        await ClusterWork.AssertSameAsync(expected, Cluster["data"]);
        string round = await File.ReadAllTextAsync(Cluster["data/.koala/rounds/1.open.json"]);
        Assert.Contains("\"allow_private\": true", round, StringComparison.Ordinal);
        Assert.Contains("\"timeout\": 120", round, StringComparison.Ordinal);
        Cluster.Passed();
    }

    [Fact]
    public async Task A_job_without_options_of_fetching_is_fetched_by_the_defaults_whatever_the_nodes_were_started_with()
    {
        ClusterWork work = new ClusterWork(Folder, batchSize: 40).With(Web.Links(1200));
        SortedDictionary<string, string> expected = await work.ExpectedAsync("alone");
        Cluster.Add("control,fetch", "--allow-private", "--max-bytes", "1000");
        Cluster.Add("fetch", "--tries", "1");
        Cluster.Add("embed,write", "--device", "simulated");
        Cluster.AllowsPrivate = false;
        await Cluster.StartAsync();

        await Cluster.EndAsync(await Cluster.SubmitAsync(work.Submitting("data")), TimeSpan.FromMinutes(3));

        await ClusterWork.AssertSameAsync(expected, Cluster["data"]);
        Assert.Equal(0, Web.Requests);
        Assert.Contains("\"tries\": 3", await File.ReadAllTextAsync(Cluster["data/.koala/rounds/1.open.json"]), StringComparison.Ordinal);
        Cluster.Passed();
    }
}
