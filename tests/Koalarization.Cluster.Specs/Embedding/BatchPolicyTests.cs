using Koalarization.Cluster.Embedding;

namespace Koalarization.Cluster.Specs.Embedding;

public sealed class BatchPolicyTests
{
    private static readonly BatchPolicy Policy = new(TimeSpan.FromMilliseconds(100));

    [Theory]
    [InlineData(32, 0, 0, 32)]
    [InlineData(40, 0, 0, 32)]
    [InlineData(40, 0, 1, 32)]
    [InlineData(40, 500, 2, 0)]
    [InlineData(31, 0, 0, 0)]
    [InlineData(31, 99, 0, 0)]
    [InlineData(31, 100, 0, 31)]
    [InlineData(31, 500, 1, 0)]
    [InlineData(0, 500, 0, 0)]
    public void A_batch_is_closed_when_it_is_full_or_has_waited_on_an_idle_device(int ready, int waitedMs, int onDevice, int closed) =>
        Assert.Equal(closed, Policy.Close(ready, TimeSpan.FromMilliseconds(waitedMs), onDevice, batchSize: 32));

    [Theory]
    [InlineData(16, 5)]
    [InlineData(32, 1500)]
    [InlineData(1, 100)]
    public void A_device_has_two_batches_and_what_a_round_trip_takes(int batch, double rate)
    {
        int capacity = BatchPolicy.Capacity(batch, rate);

        Assert.True(capacity >= (2 * batch) + (0.25 * rate));
        Assert.True(capacity <= (2 * batch) + (0.25 * rate) + (2 * EmbedProtocol.MaxImages));
    }

    [Fact]
    public void Without_a_device_there_is_no_capacity() => Assert.Equal(0, BatchPolicy.Capacity(0, 0));
}
