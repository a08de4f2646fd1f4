using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>A writer stands still between a record's flush and its name, while another one writes the record.</summary>
[Trait("Takes", "minutes")]
public sealed class LateWriterTests(ITestOutputHelper output) : ClusterFixture(output)
{
    [Fact]
    public async Task The_late_writer_loses_and_the_record_is_the_first_ones()
    {
        ClusterWork work = new ClusterWork(Folder, batchSize: 50).With(Web.Links(1000));
        SortedDictionary<string, string> expected = await work.ExpectedAsync();
        Cluster.IsFaulty = true;
        Cluster.Environment["KOALA_TEST_STOP"] = $"records/3.:{Folder["stopped"]}";
        AddAll("control", "fetch", "embed", "write", "write");
        await Cluster.StartAsync();
        string job = await Cluster.SubmitAsync(work.Submitting("data"));

        await Pause.UntilAsync("a writer stands still", TimeSpan.FromMinutes(2), () => Task.FromResult(File.Exists(Folder["stopped"])));
        ClusterNode late = Cluster.Nodes.Single(node => node.ProcessId == int.Parse(File.ReadAllText(Folder["stopped"])));
        string manifest = Cluster["data/.koala/records/3.json"];
        await Pause.UntilAsync("another writes the record", ClusterOfProcesses.LossPatience, () => Task.FromResult(File.Exists(manifest)));
        byte[] first = File.ReadAllBytes(manifest);
        late.Continue();
        await Cluster.EndAsync(job, TimeSpan.FromMinutes(3));

        ClusterOfProcesses.AssertAlive(Cluster.Nodes.Where(node => node != late));
        Assert.Equal(first, File.ReadAllBytes(manifest));
        await ClusterWork.AssertSameAsync(expected, Cluster["data"]);
        Cluster.Passed();
    }
}
