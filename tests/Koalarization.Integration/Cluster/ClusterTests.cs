using System.Text.Json;
using Koalarization.Integration.Runs;
using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>Five processes make the set that one makes.</summary>
public sealed class ClusterTests(ITestOutputHelper output) : ClusterFixture(output)
{
    [Fact]
    public async Task Five_processes_make_the_set_of_koala_run_and_leave_when_they_are_told()
    {
        ClusterWork work = new ClusterWork(Folder, batchSize: 40).With(Web.Links(1200));
        SortedDictionary<string, string> expected = await work.ExpectedAsync();
        Cluster.Add("control");
        Cluster.Add("fetch");
        Cluster.Add("fetch");
        Cluster.Add("embed", "--device", "simulated");
        Cluster.Add("write");
        await Cluster.StartAsync();

        string job = await Cluster.SubmitAsync(work.Submitting("data"));
        JsonElement done = await Cluster.EndAsync(job, TimeSpan.FromMinutes(3));

        Assert.Equal((1200, 750), (done.GetProperty("resolved").GetInt32(), done.GetProperty("survivors").GetInt32()));
        ClusterOfProcesses.AssertAlive(Cluster.Nodes);
        await ClusterWork.AssertSameAsync(expected, Cluster["data"]);
        await AssertStepsGiveTheSameAsync(work, expected);
        Assert.Equal(job, await Cluster.SubmitAsync(work.Submitting("data")));
        await ClusterOfProcesses.LeaveAsync([.. Cluster.Nodes]);
        await ClusterWork.AssertSameAsync(expected, Cluster["data"]);
        Cluster.Passed();
    }

    private async Task AssertStepsGiveTheSameAsync(ClusterWork work, SortedDictionary<string, string> expected)
    {
        string steps = Directory.CreateDirectory(Folder["steps"]).FullName;
        await KoalaProcess.RunAsync(steps, "download", work.List, "data/original", "--allow-private", "--json");
        await KoalaProcess.RunAsync(steps, "resize", "data/original", "data/resized", "--json");
        await KoalaProcess.RunAsync(steps, "lab-batch", "data/resized", "data/tfrecords", "--device", "simulated", "--batch-size", "40", "--json");
        Assert.Equal(
            expected.Where(file => file.Key is not ("index.csv" or "dataset.json")), Tree.OfResults(Path.Combine(steps, "data")));
    }
}
