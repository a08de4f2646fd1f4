using Akka.Actor;
using Koalarization.Cluster.Embedding;
using static Koalarization.Cluster.Embedding.EmbedProtocol;

namespace Koalarization.Cluster.Specs.Embedding;

/// <summary>What a client sends to the embedders that have announced windows.</summary>
public sealed class KnownEmbedderTests
{
    private static readonly Address First = new("akka.tcp", "koala", "first", 1);
    private static readonly Address Second = new("akka.tcp", "koala", "second", 1);
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(1);

    private readonly EmbedRequestQueue _queue = new("client", (_, _) => { });

    [Fact]
    public void No_more_is_in_flight_than_the_window_has_room_for()
    {
        var embedder = new KnownEmbedder(First, Window("a", 1, images: 32), Start);

        Dispatch first = Send(embedder, 1);
        Assert.True(HasRoom(embedder, 16));
        Send(embedder, 2);
        Assert.False(HasRoom(embedder, 1));
        Assert.Same(first, embedder.Return(first.Id));
        Assert.True(HasRoom(embedder, 16));
        Assert.False(HasRoom(embedder, 17));
        Assert.Null(embedder.Return(first.Id));
    }

    [Fact]
    public void The_embedder_that_would_be_done_first_is_picked()
    {
        Announce(First, Window("a", 1, images: 64, rate: 100));
        Announce(Second, Window("b", 1, images: 64, rate: 400));

        List<Address> picked = [];
        while (Send() is Address embedder)
        {
            picked.Add(embedder);
        }

        Assert.Equal([Second, Second, Second, First], picked[..4]);
        Assert.Equal(8, picked.Count);
    }

    [Fact]
    public void What_an_embedder_has_of_others_and_what_was_sent_since_its_window_came_is_before_the_next_request()
    {
        var embedder = new KnownEmbedder(First, Window("a", 1) with { Queued = 100 }, Start);
        Send(embedder, 1);
        Assert.Equal(116, embedder.Ahead);

        embedder.Apply(Window("a", 2) with { Queued = 50 }, Start + TimeSpan.FromTicks(1));

        Assert.Equal(50, embedder.Ahead);
    }

    [Fact]
    public void Five_seconds_of_silence_void_a_window()
    {
        var embedder = new KnownEmbedder(First, Window("a", 1), Start);

        Assert.True(HasRoom(embedder, 16, Start + EmbedWindow.Lifetime));
        Assert.False(HasRoom(embedder, 16, Start + EmbedWindow.Lifetime + TimeSpan.FromTicks(1)));
        embedder.Apply(Window("a", 2), Start + TimeSpan.FromSeconds(9));
        Assert.True(HasRoom(embedder, 16, Start + TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public void A_window_that_is_out_of_date_changes_nothing()
    {
        Announce(First, Window("a", 2, images: 0));
        Announce(First, Window("a", 1, images: 64));

        Assert.Null(Send(images: 1));
    }

    [Fact]
    public void An_embedder_that_is_started_again_begins_with_a_fresh_window()
    {
        Announce(First, Window("a", 7, images: 16));
        Add(16);
        Dispatch lost = Assert.Single(_queue.TakeDispatches(Start));
        Add(16);
        Assert.Empty(_queue.TakeDispatches(Start));

        Announce(First, Window("b", 1, images: 16));

        Assert.Same(lost.Request, Assert.Single(_queue.TakeDispatches(Start)).Request);
        _queue.Answered(First, new ImagesEmbedded(lost.Id, new byte[4], [], Window("a", 8)), Start);
        Assert.Empty(_queue.TakeDispatches(Start));
    }

    [Fact]
    public void An_embedder_that_rejected_a_request_gets_no_other_before_its_next_window()
    {
        Announce(First, Window("a", 1));
        Add(1);
        Dispatch rejected = Assert.Single(_queue.TakeDispatches(Start));
        _queue.Rejected(First, new EmbeddingRejected(rejected.Id, RejectionReason.Full, Detail: null, Window("a", 2)), Start);

        Assert.Empty(_queue.TakeDispatches(Start));
        Announce(First, Window("a", 3));
        Assert.Same(rejected.Request, Assert.Single(_queue.TakeDispatches(Start)).Request);
    }

    [Fact]
    public void An_embedder_that_a_request_could_not_be_sent_to_gets_no_other_before_its_next_window()
    {
        Announce(First, Window("a", 1));
        Add(1);
        Dispatch unsent = Assert.Single(_queue.TakeDispatches(Start));
        _queue.NotSent(new EmbedderGone(First, unsent.Id));

        Assert.Empty(_queue.TakeDispatches(Start));
        Announce(First, Window("a", 2));
        Assert.Same(unsent.Request, Assert.Single(_queue.TakeDispatches(Start)).Request);
    }

    [Fact]
    public void An_embedder_that_leaves_or_has_another_network_or_is_gone_is_not_picked()
    {
        var embedder = new KnownEmbedder(First, Window("a", 1), Start);
        Assert.False(embedder.HasRoom(EmbedWorld.Key with { Precision = "bf16/cpu" }, 1, Start));

        embedder.Apply(Window("a", 2) with { Key = null }, Start);
        Assert.False(HasRoom(embedder, 1));

        Announce(First, Window("a", 3));
        Assert.True(_queue.Lost(First));
        Assert.Null(Send(images: 1));
    }

    [Fact]
    public void An_answer_does_not_make_an_embedder_known_that_is_gone()
    {
        _queue.Answered(First, new ImagesEmbedded(new RequestId("client", 1), new byte[4], [], Window("a", 1)), Start);

        Assert.Null(Send(images: 1));
        Assert.False(_queue.Lost(First));
    }

    [Theory]
    [InlineData(16, 100, 30)]
    [InlineData(256, 5, 204.8)]
    [InlineData(16, 0, 300)]
    [InlineData(16, 1e-9, 86400)]
    public void A_request_has_four_times_what_the_queue_before_it_takes_and_half_a_minute_at_least(int queued, double rate, double seconds) =>
        Assert.Equal(seconds, KnownEmbedder.BudgetOf(queued, rate).TotalSeconds, precision: 3);

    private static EmbedWindow Window(string incarnation, long sequence, int images = 64, double rate = 100) =>
        new(incarnation, sequence, EmbedWorld.Key, images, rate, Queued: 0);

    private static bool HasRoom(KnownEmbedder embedder, int images, TimeSpan? now = null) => embedder.HasRoom(EmbedWorld.Key, images, now ?? Start);

    private static Dispatch Send(KnownEmbedder embedder, long number) => embedder.Send(new RequestId("client", number), Pending(16), Start);

    private static PendingRequest Pending(int images) => new(
        new NamedOwner("a"), new EmbedForRecord(EmbedWorld.Key, "set", FansOut: false, [.. Enumerable.Repeat(new ImageReference("1.jpeg", ""), images)]));

    private void Announce(Address embedder, EmbedWindow window) => _queue.Announced(embedder, window, Start);

    private void Add(int images) => _queue.Add(Pending(images));

    private Address? Send(int images = 16)
    {
        Add(images);
        return _queue.TakeDispatches(Start).SingleOrDefault()?.To;
    }
}
