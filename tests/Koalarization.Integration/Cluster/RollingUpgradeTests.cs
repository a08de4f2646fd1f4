using System.Text.Json;
using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>
/// A cluster whose nodes are stopped and started again as another version, one after the other, while a job is in work: forwards, and back again.
/// <c>KOALA_EARLIER</c> is the program of the other version; <c>tests/rolling-upgrade.sh</c> builds it and runs this.
/// </summary>
[Trait("Takes", "minutes")]
public sealed class RollingUpgradeTests(ITestOutputHelper output) : ClusterFixture(output)
{
    private static readonly string? Earlier = Environment.GetEnvironmentVariable("KOALA_EARLIER");

    [EarlierVersionTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nine_processes_change_their_version_during_a_job(bool forwards)
    {
        (string first, string then) = forwards ? (Earlier!, KoalaProcess.Executable) : (KoalaProcess.Executable, Earlier!);
        ClusterWork work = new ClusterWork(Folder, batchSize: 50).With(Web.Links(3000));
        SortedDictionary<string, string> expected = await work.ExpectedAsync();
        ClusterNode[] nodes =
        [
            .. AddAll("control", "control", "control", "fetch", "fetch", "write", "write"),
            .. new[] { "embed", "embed" }.Select(role => Cluster.Add(role, "--device", "simulated:5")),
        ];
        Array.ForEach(nodes, node => node.Program = first);
        await Cluster.StartAsync();
        string job = await Cluster.SubmitAsync(work.Submitting("data"));
        await WritingAsync(job);

        foreach (ClusterNode node in nodes)
        {
            Assert.True(await IsWorkingAsync(job), $"{job} ended before {node} was changed, which shows too little");
            await ClusterOfProcesses.LeaveAsync(node);
            node.Program = then;
            node.Start();
            await Cluster.MembersAsync(nodes);
        }

        await Cluster.EndAsync(job, TimeSpan.FromMinutes(10));
        ClusterOfProcesses.AssertAlive(nodes);
        await ClusterWork.AssertSameAsync(expected, Cluster["data"]);
        Cluster.Passed();
    }

    private async Task<bool> IsWorkingAsync(string job)
    {
        JsonElement? status = null;
        await Pause.UntilAsync("a control node answers", TimeSpan.FromMinutes(1), async () => (status = await Cluster.StatusAsync(job)) is not null);
        return status!.Value.GetProperty("phase").GetString() == "working";
    }

    private sealed class EarlierVersionTheoryAttribute : TheoryAttribute
    {
        public EarlierVersionTheoryAttribute() => Skip = Earlier is null ? "KOALA_EARLIER names no program of another version." : null!;
    }
}
