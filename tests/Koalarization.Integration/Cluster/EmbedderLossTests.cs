using System.Text.Json;
using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>All embedders of a cluster are lost at once, and for a while there is none.</summary>
[Trait("Takes", "minutes")]
public sealed class EmbedderLossTests(ITestOutputHelper output) : ClusterFixture(output)
{
    [Fact]
    public async Task Without_embedders_fetching_goes_on_and_the_job_says_what_it_waits_for()
    {
        ClusterWork work = new ClusterWork(Folder, batchSize: 50).With(Web.Links(2000));
        SortedDictionary<string, string> expected = await work.ExpectedAsync();
        AddAll("control", "fetch", "embed", "embed", "write");
        ClusterNode[] embedders = [.. Cluster.Nodes.Where(node => node.Roles == "embed")];
        await Cluster.StartAsync();
        string job = await Cluster.SubmitAsync(work.Submitting("data"));
        await WritingAsync(job);
        await Task.WhenAll(embedders.Select(embedder => embedder.KillAsync()));

        await Cluster.UntilAsync(job, "all is fetched, and embedders are waited for", Waits, TimeSpan.FromMinutes(2));
        await Pause.ForAsync(TimeSpan.FromSeconds(30));
        ClusterOfProcesses.AssertAlive(Cluster.Nodes.Except(embedders));
        await Cluster.StartAsync();
        await Cluster.EndAsync(job, TimeSpan.FromMinutes(4));

        await ClusterWork.AssertSameAsync(expected, Cluster["data"]);
        Cluster.Passed();
    }

    private static bool Waits(JsonElement status) =>
        status.GetProperty("resolved").GetInt32() == status.GetProperty("links").GetInt32()
        && status.TryGetProperty("note", out JsonElement note) && note.GetString()!.Contains("embedder", StringComparison.Ordinal);
}
