using System.Text.Json;
using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>Nodes that would make other numbers than the job has.</summary>
public sealed class OtherKeyTests(ITestOutputHelper output) : ClusterFixture(output)
{
    [TurboJpegFact]
    public async Task A_node_with_another_JPEG_library_gets_no_work_and_says_why()
    {
        ClusterWork work = new ClusterWork(Folder, batchSize: 50).With(Web.Links(600));
        SortedDictionary<string, string> expected = await work.ExpectedAsync();
        AddAll("control", "fetch", "embed", "write");
        Cluster.IsFaulty = true;
        Cluster.Environment["KOALA_TEST_CODEC"] = "other";
        ClusterNode other = Cluster.Add("fetch,embed,write", "--device", "simulated");
        await Cluster.StartAsync();

        string job = await Cluster.SubmitAsync(work.Submitting("data"));
        await WritingAsync(job);
        JsonElement told = (await Cluster.KoalaAsync("nodes", "--json")).Events.Single(node => node.GetProperty("node").GetString() == other.Address);
        Assert.Contains("JPEG", told.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal((0, 0), (told.GetProperty("slices").GetInt32(), told.GetProperty("records").GetInt32()));
        await Cluster.EndAsync(job, TimeSpan.FromMinutes(3));
        await ClusterWork.AssertSameAsync(expected, Cluster["data"]);
        Cluster.Passed();
    }

    [Fact]
    public async Task A_job_of_another_network_than_any_embedder_has_waits_and_says_so()
    {
        ClusterWork work = new ClusterWork(Folder, batchSize: 50).With(Web.Links(200));
        AddAll("control,fetch", "embed,write");
        await Cluster.StartAsync();

        string job = await Cluster.SubmitAsync([.. work.Submitting("data"), "--weights", "random:7"]);
        await Cluster.UntilAsync(
            job, "it waits for embedders of its network",
            status => status.GetProperty("resolved").GetInt32() == 200 && status.TryGetProperty("note", out JsonElement note)
                && note.GetString()!.Contains("random:7", StringComparison.Ordinal),
            TimeSpan.FromMinutes(2));
        Assert.Equal(0, (await Cluster.KoalaAsync("cancel", job)).ExitCode);
        Assert.False(Directory.Exists(Cluster["data/tfrecords"]) && Directory.EnumerateFiles(Cluster["data/tfrecords"]).Any());
        Cluster.Passed();
    }
}
