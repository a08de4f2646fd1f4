using System.Text.Json;
using Xunit.Abstractions;

namespace Koalarization.Integration.Cluster;

/// <summary>Pictures that kill whoever decodes them, in a cluster whose nodes are started again.</summary>
[Trait("Takes", "minutes")]
public sealed class PoisonClusterTests(ITestOutputHelper output) : ClusterFixture(output)
{
    [Fact]
    public async Task A_picture_that_kills_its_decoder_ends_as_damaged_and_no_good_one_does()
    {
        File.WriteAllLines(Folder["links.txt"], Enumerable.Range(0, 300).Select(i => $"{Web.Root}/picture/{i}.jpg").Concat([$"{Web.Root}/kill/1.jpg", $"{Web.Root}/kill/2.jpg"]));
        Cluster.Add("control");
        AddAll("embed", "write");
        Cluster.IsFaulty = true;
        ClusterNode[] fetchers = AddAll("fetch", "fetch");
        await Cluster.StartAsync();
        string job = await Cluster.SubmitAsync(Folder["links.txt"], "data", "--batch-size", "50");

        Task<JsonElement> end = Cluster.EndAsync(job, TimeSpan.FromMinutes(5));
        while (!end.IsCompleted)
        {
            await Task.WhenAny(end, Pause.ForAsync(TimeSpan.FromSeconds(1)));
            foreach (ClusterNode fetcher in fetchers.Where(fetcher => !fetcher.IsRunning))
            {
                Assert.Equal(137, await fetcher.EndAsync(TimeSpan.Zero));
                fetcher.Start();
            }
        }

        JsonElement done = await end;
        Output.WriteLine($"fetch nodes were started {fetchers.Sum(fetcher => fetcher.Starts)} times");
        Assert.Equal((302, 300), (done.GetProperty("resolved").GetInt32(), done.GetProperty("survivors").GetInt32()));
        Assert.Equal(2, done.GetProperty("outcomes").GetProperty("damaged").GetInt32());
        ClusterOfProcesses.AssertAlive(Cluster.Nodes.Except(fetchers));
        Assert.True(fetchers.Sum(fetcher => fetcher.Starts) <= 8, "the fetch nodes died more often than it takes");
        await ClusterWork.AssertSameAsync(ClusterWork.ResultsOf(Cluster["data"]), Cluster["data"]);
        Cluster.Passed();
    }
}
