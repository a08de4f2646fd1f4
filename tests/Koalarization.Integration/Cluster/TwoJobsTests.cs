using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>Two jobs of one cluster, of which one is cancelled.</summary>
public sealed class TwoJobsTests(ITestOutputHelper output) : ClusterFixture(output)
{
    [Fact]
    public async Task The_other_job_is_not_touched_and_the_cancelled_one_goes_on_when_it_is_submitted_again()
    {
        ClusterWork work = new ClusterWork(Folder, batchSize: 50).With(Web.Links(1000));
        SortedDictionary<string, string> expected = await work.ExpectedAsync();
        AddAll("control,fetch", "embed,write");
        await Cluster.StartAsync();
        string first = await Cluster.SubmitAsync(work.Submitting("first"));
        string second = await Cluster.SubmitAsync(work.Submitting("second"));
        Assert.NotEqual(first, second);
        Assert.Equal(first, await Cluster.SubmitAsync(work.Submitting("first")));
        await WritingAsync(second);

        Assert.Equal(0, (await Cluster.KoalaAsync("cancel", "second")).ExitCode);
        await Cluster.EndAsync(second, TimeSpan.FromMinutes(1), phase: "cancelled");
        await Cluster.EndAsync(first, TimeSpan.FromMinutes(4));
        await ClusterWork.AssertSameAsync(expected, Cluster["first"]);

        Assert.Equal(second, await Cluster.SubmitAsync(work.Submitting("second")));
        await RefusedAsync();
        await Cluster.EndAsync(second, TimeSpan.FromMinutes(4));
        await ClusterWork.AssertSameAsync(expected, Cluster["second"]);
        ClusterOfProcesses.AssertAlive(Cluster.Nodes);
        Cluster.Passed();
    }

    private async Task RefusedAsync()
    {
        KoalaRun run = await KoalaProcess.RunAsync(Cluster.Store, "run", Folder["links.txt"], "second", "--allow-private", "--device", "simulated", "--json");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("--take-over", run.Event("command_failed").GetProperty("error").GetString(), StringComparison.Ordinal);
    }
}
