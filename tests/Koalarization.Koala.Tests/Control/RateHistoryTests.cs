using Koalarization.Cluster.Coordination;
using Koalarization.Koala.Control;

namespace Koalarization.Koala.Tests.Control;

public sealed class RateHistoryTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);

    [Fact]
    public void It_has_a_point_every_ten_seconds_of_the_last_hour_with_the_sums_of_all_nodes()
    {
        var history = new RateHistory();
        for (int second = 0; second < 4000; second += 2)
        {
            history.Add([Node(links: second, null, 1.25), Node(null, embedded: 7, null), Node(0.5, 3.06, 2)], Start.AddSeconds(second));
        }

        Assert.Equal(360, history.Points.Count);
        Assert.Equal([1_790_003_990, 3990.5, 10.1, 3.2], history.Points[^1]);
        Assert.All(history.Points.Zip(history.Points.Skip(1)), pair => Assert.Equal(10, pair.Second[0] - pair.First[0]));
    }

    [Fact]
    public void A_clock_that_was_set_back_stops_nothing()
    {
        var history = new RateHistory();
        history.Add([], Start);
        history.Add([], Start.AddSeconds(9));
        history.Add([], Start.AddHours(-1));
        Assert.Equal([1_790_000_000, 1_789_996_400], history.Points.Select(point => (long)point[0]));
    }

    private static JobsProtocol.NodeStatus Node(double? links, double? embedded, double? written) =>
        new("a:1", [], "Up", null, 0, 0, null) { LinksPerSecond = links, EmbeddedPerSecond = embedded, WrittenPerSecond = written };
}
