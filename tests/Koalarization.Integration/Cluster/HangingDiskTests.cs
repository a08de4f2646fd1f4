using System.Text.Json;
using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>A fetch node's disk hangs while the node is well otherwise; and comes back when another has done its work, with other answers.</summary>
[Trait("Takes", "minutes")]
public sealed class HangingDiskTests(ITestOutputHelper output) : ClusterFixture(output)
{
    [Fact]
    public async Task Its_slice_passes_on_and_what_it_ends_late_changes_nothing()
    {
        File.WriteAllLines(Folder["links.txt"], Enumerable.Range(0, 600).Select(i => $"{Web.Root}/changing/{i}.jpg"));
        Cluster.Add("control");
        Cluster.IsFaulty = true;
        Cluster.Environment["KOALA_TEST_HANG"] = Folder["hang"];
        ClusterNode hanging = Cluster.Add("fetch");
        Cluster.IsFaulty = false;
        AddAll("embed", "write");
        await Cluster.StartAsync();
        Web.Gate = new TaskCompletionSource();
        string job = await Cluster.SubmitAsync(Folder["links.txt"], "data", "--batch-size", "100");
        await Pause.UntilAsync("links are fetched", TimeSpan.FromMinutes(1), () => Task.FromResult(Web.Requests > 0));
        File.WriteAllText(Folder["hang"], "");
        Web.Gate.SetResult();
        await Pause.UntilAsync("answers have come", TimeSpan.FromMinutes(1), () => Task.FromResult(Web.Requests >= 500));

        AddAll("fetch");
        await Cluster.StartAsync();
        JsonElement done = await Cluster.EndAsync(job, TimeSpan.FromMinutes(5));
        SortedDictionary<string, string> set = ClusterWork.ResultsOf(Cluster["data"]);
        ClusterOfProcesses.AssertAlive(Cluster.Nodes);
        File.Delete(Folder["hang"]);
        await ClusterOfProcesses.LeaveAsync([hanging]);

        Assert.True(Web.Requests >= 1000, $"{Web.Requests} requests: both were to fetch nearly all");
        Assert.Equal(600, done.GetProperty("survivors").GetInt32());
        await ClusterWork.AssertSameAsync(set, Cluster["data"]);
        Cluster.Passed();
    }
}
