using Akka.Actor;
using Koalarization.Cluster.Embedding;
using static Koalarization.Cluster.Embedding.EmbedProtocol;

namespace Koalarization.Cluster.Specs.Embedding;

/// <summary>Clients and embedders on nodes of a real cluster on loopback, as the hosting extensions make them.</summary>
public sealed class EmbedClusterSpecs : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly EmbedWorld _world = new();

    [Fact]
    public async Task Logits_come_back_from_another_node()
    {
        await using EmbedTestNode write = await StartAsync(["write", "control"]);
        await using EmbedTestNode embed = await StartAsync(["embed"], write.Address, new FakeDevice());

        await AssertServedAsync(AskAsync(write, 100, groups: 1));
    }

    [Fact]
    public async Task Logits_come_back_on_one_node()
    {
        await using EmbedTestNode node = await StartAsync(["write", "control", "embed"], seed: null, new FakeDevice());

        await AssertServedAsync(AskAsync(node, 0, groups: 10));
    }

    [Fact]
    public async Task Embedders_come_and_go_without_a_dead_letter_or_a_picture_embedded_twice()
    {
        FakeDevice first = Paced(), second = Paced();
        await using EmbedTestNode write = await StartAsync(["write", "control"]);
        Task<EmbeddingsReady>[] asked = AskAsync(write, 0, groups: 60);

        // The device pauses after three groups until its embedder takes no more: however slow the machine is, the node leaves in the middle.
        var closed = new TaskCompletionSource();
        Func<int, Task> paced = first.OnBatch;
        first.OnBatch = batch => asked.Count(group => group.IsCompleted) < 3 ? paced(batch) : closed.Task;
        EmbedTestNode embed = await StartAsync(["embed"], write.Address, first);
        await UntilAsync(() => asked.Count(group => group.IsCompleted) >= 3);
        var inbox = Inbox.Create(embed.System);
        embed.System.EventStream.Subscribe(inbox.Receiver, typeof(NetworksReady));
        ValueTask leaving = embed.DisposeAsync();
        while (Assert.IsType<NetworksReady>(await inbox.ReceiveAsync(Timeout)).Networks.Count > 0)
        {
        }

        closed.SetResult();
        await leaving;
        Assert.Contains(asked, group => !group.IsCompleted);
        await using EmbedTestNode next = await StartAsync(["embed"], write.Address, second);
        await AssertServedAsync(asked);

        Assert.Empty(write.DeadLetters.Concat(embed.DeadLetters).Concat(next.DeadLetters));
        Assert.NotEqual(0, second.Pictures);
        Assert.Equal(60 * MaxImages, first.Pictures + second.Pictures);
    }

    [Fact]
    public async Task A_lost_embedders_requests_go_to_another()
    {
        await using EmbedTestNode write = await StartAsync(["write", "control"]);
        var stuck = new FakeDevice { OnBatch = _ => new TaskCompletionSource().Task };
        EmbedTestNode lost = await StartAsync(["embed"], write.Address, stuck);
        Task<EmbeddingsReady>[] asked = AskAsync(write, 0, groups: 4);
        await UntilAsync(() => stuck.Batches.Count > 0);
        await using EmbedTestNode sound = await StartAsync(["embed"], write.Address, new FakeDevice());

        Akka.Cluster.Cluster.Get(write.System).Down(lost.Address);

        await AssertServedAsync(asked);
        await lost.System.Terminate();
    }

    [Fact]
    public async Task A_client_that_fails_asks_again_for_what_it_had()
    {
        await using EmbedTestNode node = await StartAsync(["write", "control", "embed"], seed: null, Paced());
        Task<EmbeddingsReady>[] asked = AskAsync(node, 0, groups: 20);

        node.Client.Tell(new EmbedForRecord(EmbedWorld.Key, EmbedWorld.Data, FansOut: false, null!));

        await AssertServedAsync(asked);
    }

    [Fact]
    public async Task What_waits_when_the_node_stops_is_told_so()
    {
        EmbedTestNode write = await StartAsync(["write", "control"]);
        Task<EmbeddingFailed> asked = write.Client.Ask<EmbeddingFailed>(_world.Ask(0, 1), Timeout);

        await write.Client.GracefulStop(Timeout);

        Assert.NotEmpty((await asked).Detail);
        await write.DisposeAsync();
    }

    public void Dispose() => _world.Dispose();

    // Slow enough that an embedder can leave in the middle, and with no fixed time in it: each batch gives way to everything else that waits.
    private static FakeDevice Paced() => new(batchSize: 16)
    {
        OnBatch = async _ =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            await timer.WaitForNextTickAsync();
        },
    };

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var timeout = new CancellationTokenSource(Timeout);
        while (!isSo())
        {
            await timer.WaitForNextTickAsync(timeout.Token);
        }
    }

    private static async Task AssertServedAsync(Task<EmbeddingsReady>[] asked)
    {
        foreach (EmbeddingsReady ready in await Task.WhenAll(asked))
        {
            int first = (int)ready.Request.Tag!;
            Assert.All(Enumerable.Range(0, MaxImages), place =>
                Assert.Equal((first + place, EmbedWorld.GrayOf(first + place)), EmbedWorld.LogitsOf(ready.Logits, place)));
        }
    }

    private Task<EmbedTestNode> StartAsync(string[] roles, Address? seed = null, params FakeDevice[] devices) =>
        EmbedTestNode.StartAsync(_world.Node(devices), roles, seed);

    private Task<EmbeddingsReady>[] AskAsync(EmbedTestNode write, int first, int groups) =>
    [
        .. Enumerable.Range(0, groups).Select(group => first + (group * MaxImages)).Select(start =>
            write.Client.Ask<EmbeddingsReady>(_world.Ask(start, MaxImages) with { Tag = start }, Timeout)),
    ];
}
