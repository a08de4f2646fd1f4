using Koalarization.Cluster.Embedding;
using Xunit.Abstractions;

namespace Koalarization.Cluster.Specs.Embedding;

/// <summary>What a cluster of embedders reaches of what its devices could do, in virtual time: the same figures on every machine.</summary>
public sealed class EmbedSimulationTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(10);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void Embedders_scale_as_their_number(int embedders)
    {
        double share = ShareOfRate([.. Enumerable.Repeat(400.0, embedders)], clients: Math.Max(1, embedders / 4));

        Assert.InRange(share, 0.98, 1.001);
    }

    [Fact]
    public void Fast_and_slow_ones_together_reach_the_sum_of_their_rates() =>
        Assert.InRange(ShareOfRate([400, 100], clients: 1), 0.95, 1.001);

    [Fact]
    public void One_busy_client_among_idle_ones_and_ones_that_need_little_gets_all_that_these_leave()
    {
        // 20 seconds' work, of which the slow clients have a tenth.
        var world = World([400.0, 400.0], clients: 1, requestsOfClient: 900);
        for (int client = 0; client < 4; client++)
        {
            world.AddSlowClient(requests: 25, TimeSpan.FromMilliseconds(800));
            world.AddClient(requests: 0, owners: 1);
        }

        TimeSpan begin = world.Now;
        world.Run(Long);

        double share = 1000 * EmbedProtocol.MaxImages / (world.Now - begin).TotalSeconds / 800;
        output.WriteLine($"{share:F4} of 800 pictures a second");
        Assert.Equal(1000 * EmbedProtocol.MaxImages, world.Delivered);
        Assert.Equal((world.Delivered, 0), (world.Embedded, world.Wrong));
        Assert.InRange(share, 0.95, 1.001);
    }

    [Fact]
    public void Sixteen_clients_of_slow_embedders_have_their_work_done_once()
    {
        var world = World(Enumerable.Repeat(5.0, 4), clients: 16, requestsOfClient: 20);

        world.Run(Long);

        Assert.Equal(16 * 20 * EmbedProtocol.MaxImages, world.Delivered);
        Assert.Equal(world.Delivered, world.Embedded);
        Assert.Equal(0, world.Wrong);
    }

    [Fact]
    public void Under_ten_times_their_load_and_with_kills_little_is_embedded_twice_and_nothing_is_lost()
    {
        // 4 x 400 pictures a second have a capacity of some 800: 10,000 pictures and more wait all the time.
        var world = World(Enumerable.Repeat(400.0, 4), clients: 4, requestsOfClient: 4000);
        for (int kill = 0; kill < 15; kill++)
        {
            world.KillAt(TimeSpan.FromSeconds(5 + (10 * kill)), kill % 4, away: TimeSpan.FromSeconds(3 + (5 * (kill % 5))));
        }

        world.Run(Long);

        output.WriteLine($"{(double)world.Embedded / world.Delivered:F4} embedded for each that was needed, {world.Rejected} requests rejected");
        Assert.Equal(4 * 4000 * EmbedProtocol.MaxImages, world.Delivered);
        Assert.Equal(0, world.Wrong);
        Assert.InRange((double)world.Embedded / world.Delivered, 1, 1.05);
    }

    private static EmbedSimulation World(IEnumerable<double> rates, int clients, int requestsOfClient)
    {
        var world = new EmbedSimulation();
        foreach (double rate in rates)
        {
            world.AddEmbedder(rate);
        }

        for (int client = 0; client < clients; client++)
        {
            world.AddClient(requestsOfClient, owners: 2);
        }

        return world;
    }

    private double ShareOfRate(double[] rates, int clients)
    {
        // Forty seconds' work for each.
        int requests = (int)(rates.Sum() * 40 / EmbedProtocol.MaxImages / clients);
        EmbedSimulation world = World(rates, clients, requests);
        TimeSpan begin = world.Now;

        world.Run(Long);

        double share = world.Delivered / (world.Now - begin).TotalSeconds / rates.Sum();
        output.WriteLine($"{rates.Length} embedders, {clients} clients: {share:F4} of {rates.Sum()} pictures a second");
        Assert.Equal(requests * clients * EmbedProtocol.MaxImages, world.Delivered);
        Assert.Equal(0, world.Wrong);
        return share;
    }
}
