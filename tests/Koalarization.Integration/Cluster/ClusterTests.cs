using System.Text.Json;
using Xunit.Abstractions;

namespace Koalarization.Integration;

/// <summary>Five processes make the set that one makes.</summary>
public sealed class ClusterTests(ITestOutputHelper output) : IAsyncLifetime
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
    public async Task Five_processes_make_the_set_of_koala_run_and_leave_when_they_are_told()
    {
        ClusterWork work = new ClusterWork(_folder, batchSize: 40).With(_web.Links(1200));
        SortedDictionary<string, string> expected = await work.ExpectedAsync();
        await using var cluster = new ClusterOfProcesses(_folder.Path, output);
        cluster.Add("control");
        cluster.Add("fetch");
        cluster.Add("fetch");
        cluster.Add("embed", "--device", "simulated");
        cluster.Add("write");
        await cluster.StartAsync();

        string job = await cluster.SubmitAsync(work.Submitting("data"));
        JsonElement done = await cluster.EndAsync(job, TimeSpan.FromMinutes(3));

        Assert.Equal((1200, 750), (done.GetProperty("resolved").GetInt32(), done.GetProperty("survivors").GetInt32()));
        ClusterOfProcesses.AssertAlive(cluster.Nodes);
        await ClusterWork.AssertSameAsync(expected, cluster["data"]);
        Assert.Equal(job, await cluster.SubmitAsync(work.Submitting("data")));
        await ClusterOfProcesses.LeaveAsync([.. cluster.Nodes]);
        await ClusterWork.AssertSameAsync(expected, cluster["data"]);
        cluster.Passed();
    }
}
