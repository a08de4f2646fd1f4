using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>One host behind all links, and fetch nodes that come and go.</summary>
[Trait("Takes", "minutes")]
public sealed class ClusterHostLimitTests(ITestOutputHelper output) : ClusterFixture(output)
{
    [Theory]
    [InlineData(3)]
    [InlineData(12)]
    public async Task Never_more_requests_are_in_flight_than_the_host_has_places(int fetchers)
    {
        const int Places = 8;
        File.WriteAllText(Folder["resolver"], "up");
        File.WriteAllLines(Folder["links.txt"], Enumerable.Range(0, 2000).Select(i => $"http://one.test:{Web.Port}/picture/{i}.jpg"));
        Web.Delay = TimeSpan.FromMilliseconds(50);
        Cluster.IsFaulty = true;
        Cluster.Environment["KOALA_TEST_RESOLVER"] = Folder["resolver"];
        Cluster.Add("control", "--host-limit", $"{Places}");
        ClusterNode[] nodes = [.. Enumerable.Range(0, fetchers).Select(_ => Cluster.Add("fetch", "--host-limit", $"{Places}"))];
        foreach (ClusterNode node in Cluster.Nodes.SkipLast(1))
        {
            node.Start();
        }

        await Cluster.MembersAsync([.. Cluster.Nodes.SkipLast(1)]);
        string job = await Cluster.SubmitAsync(Folder["links.txt"], "data", "--until", "download");
        await Pause.UntilAsync("links are fetched", TimeSpan.FromMinutes(1), () => Task.FromResult(Web.Requests > 100));
        nodes[^1].Start();
        await Pause.UntilAsync("more links are fetched", TimeSpan.FromMinutes(1), () => Task.FromResult(Web.Requests > 300));
        await nodes[0].KillAsync();
        await Cluster.EndAsync(job, TimeSpan.FromMinutes(4));

        Output.WriteLine($"{Web.PeakInFlight} requests in flight at most");
        Assert.InRange(Web.PeakInFlight, Places / 2, Places);
        ClusterOfProcesses.AssertAlive(Cluster.Nodes.Except([nodes[0]]));
        Cluster.Passed();
    }
}
