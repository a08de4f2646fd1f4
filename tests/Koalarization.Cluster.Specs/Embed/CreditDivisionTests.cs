using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Koalarization.Cluster.Specs;

public sealed class CreditDivisionTests
{
    private const int Request = EmbedProtocol.MostImages;

    [Property]
    public void Nobody_gets_more_than_it_wants_and_everybody_can_send_a_request(PositiveInt slots, NonNegativeInt[] wanted)
    {
        int[] demands = [.. wanted.Select(demand => demand.Get * 7)];

        int[] grants = CreditDivision.Divide(slots.Get, demands);

        Assert.All(demands.Zip(grants), client =>
        {
            Assert.True(client.Second <= client.First);
            Assert.True(client.Second >= Math.Min(client.First, Request));
        });
    }

    [Property]
    public void All_slots_are_granted_when_they_are_wanted_and_no_more_than_requests_are_round(PositiveInt slots, NonNegativeInt[] wanted)
    {
        int[] demands = [.. wanted.Select(demand => demand.Get * 7)];

        int granted = CreditDivision.Divide(slots.Get, demands).Sum();

        Assert.True(granted >= Math.Min(slots.Get, demands.Sum()));
        Assert.True(granted <= slots.Get + (demands.Count(demand => demand > 0) * Request));
    }

    [Property]
    public void Who_gets_less_than_it_wants_has_no_less_than_another_but_for_one_request(PositiveInt slots, NonNegativeInt[] wanted)
    {
        int[] demands = [.. wanted.Select(demand => demand.Get * 7)];

        int[] grants = CreditDivision.Divide(slots.Get, demands);

        int most = grants.DefaultIfEmpty().Max();
        Assert.All(demands.Zip(grants).Where(client => client.Second < client.First), client => Assert.True(client.Second >= most - Request));
    }

    [Fact]
    public void What_small_clients_leave_goes_to_the_large_one()
    {
        Assert.Equal([1, 1, 64, 1], CreditDivision.Divide(64, [1, 1, 1000, 1]));
        Assert.Equal([32, 32], CreditDivision.Divide(64, [1000, 1000]));
        Assert.Equal([0, 64], CreditDivision.Divide(64, [0, 1000]));
        Assert.Equal([0, 0], CreditDivision.Divide(0, [16, 1000]));
    }

    [Theory]
    [InlineData(16, 5)]
    [InlineData(32, 1500)]
    [InlineData(1, 100)]
    public void A_device_has_two_batches_and_what_a_round_trip_takes(int batch, double rate)
    {
        int slots = CreditDivision.Slots(batch, rate);

        Assert.True(slots >= (2 * batch) + (0.25 * rate));
        Assert.True(slots <= (2 * batch) + (0.25 * rate) + (2 * Request));
    }
}
