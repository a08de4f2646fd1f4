using Akka.Actor;

namespace Koalarization.Cluster.Specs;

public sealed class EmbedClusterSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Logits_come_back_from_another_node()
    {
        using var world = new EmbedWorld();
        await using EmbedTestNode write = await EmbedTestNode.StartAsync(world.Node(), ["write", "control"]);
        await using EmbedTestNode embed = await EmbedTestNode.StartAsync(world.Node(new FakeDevice()), ["embed"], write.Address);

        EmbeddingsReady ready = await write.Client.Ask<EmbeddingsReady>(world.Ask(100, 16), Patience);

        Assert.Empty(ready.Missing);
        Assert.Equal(16 * RequestInWork.LogitsOfPicture * sizeof(float), ready.Logits.Length);
        Assert.All(Enumerable.Range(0, 16), place =>
            Assert.Equal((100 + place, EmbedWorld.GrayOf(100 + place)), EmbedWorld.LogitsOf(ready.Logits, place)));
    }
}
