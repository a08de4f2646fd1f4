using Akka.Actor;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Embedding;
using static Koalarization.Cluster.Embedding.EmbedProtocol;

namespace Koalarization.Cluster.Specs.Embedding;

public sealed class EmbedRequestQueueTests
{
    private static readonly Address First = new("akka.tcp", "koala", "first", 1);
    private static readonly Address Second = new("akka.tcp", "koala", "second", 1);
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(1);

    private readonly EmbedRequestQueue<string> _queue = new();

    /// <summary>Each number of the script is an event: see <see cref="RequestQueueWorld.Do"/>.</summary>
    [Property(MaxTest = 500, EndSize = 400)]
    public Property Whatever_happens_every_request_is_answered_once_and_nothing_is_sent_that_has_no_room_in_a_window() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Choose(0, 9_999)).ToArbitrary(), script =>
        {
            var world = new RequestQueueWorld();
            foreach (int happening in script)
            {
                world.Do(happening);
            }

            world.Finish();

            Assert.All(world.Asked, tag => Assert.Equal(1, world.Replies.GetValueOrDefault(tag)));
            Assert.Equal(0, world.Queue.Count);
        });

    [Fact]
    public void Owners_take_turns()
    {
        for (int i = 0; i < 3; i++)
        {
            Add("greedy", i);
        }

        Add("modest", 10);
        _queue.Announced(First, Window("a", 1, images: 64), Start);

        Assert.Equal([0, 10, 1, 2], Send());
    }

    [Fact]
    public void A_large_request_is_not_overtaken_by_small_ones()
    {
        Add("a", 0, images: 16);
        Add("b", 1, images: 1);
        _queue.Announced(First, Window("a", 1, images: 8), Start);
        Assert.Empty(Send());

        _queue.Announced(First, Window("a", 2, images: 17), Start);
        Assert.Equal([0, 1], Send());
    }

    [Fact]
    public void A_network_without_an_embedder_holds_up_no_other()
    {
        var other = EmbedWorld.Key with { Weights = "other" };
        Add("a", 0, key: other);
        Add("a", 1);
        Add("b", 2);
        _queue.Announced(First, Window("a", 1, images: 64), Start);

        Assert.Equal([2], Send());
        Assert.Equal(3, _queue.Count);
    }

    [Fact]
    public void A_lost_embedders_requests_go_to_another_at_once_and_in_their_order()
    {
        Add("a", 0);
        Add("a", 1);
        _queue.Announced(First, Window("a", 1, images: 32), Start);
        Assert.Equal([0, 1], Send());
        _queue.Announced(Second, Window("b", 1, images: 32), Start);

        _queue.Lost(First);

        Assert.Equal([0, 1], Send());
    }

    [Fact]
    public void A_late_answer_counts_and_the_second_one_does_not()
    {
        Add("a", 0);
        _queue.Announced(First, Window("a", 1, images: 32), Start);
        Dispatch late = Assert.Single(_queue.TakeDispatches(Start));
        TimeSpan expired = Start + TimeSpan.FromSeconds(31);
        Assert.Equal(1, _queue.Expire(expired));
        _queue.Announced(Second, Window("b", 1, images: 32), expired);
        Dispatch again = Assert.Single(_queue.TakeDispatches(expired));
        Assert.Equal(Second, again.To);

        _queue.Answered(late.Number, First, new byte[4], [], Window("a", 2), expired);
        _queue.Answered(again.Number, Second, new byte[4], [], Window("b", 2), expired);

        Assert.IsType<EmbeddingsReady>(Assert.Single(_queue.TakeReplies()).Reply);
    }

    [Fact]
    public void A_late_answer_of_an_embedder_that_was_lost_is_ignored()
    {
        Add("a", 0);
        _queue.Announced(First, Window("a", 1, images: 32), Start);
        Dispatch lost = Assert.Single(_queue.TakeDispatches(Start));
        Assert.True(_queue.Lost(First));
        _queue.Announced(Second, Window("b", 1, images: 32), Start);
        Dispatch again = Assert.Single(_queue.TakeDispatches(Start));

        _queue.Answered(lost.Number, First, new byte[4], [], Window("a", 2), Start);
        Assert.Empty(_queue.TakeReplies());
        _queue.Answered(again.Number, Second, new byte[4], [], Window("b", 2), Start);

        Assert.IsType<EmbeddingsReady>(Assert.Single(_queue.TakeReplies()).Reply);
        Assert.False(_queue.Lost(First));
    }

    [Fact]
    public void A_request_that_embedders_keep_dying_with_is_answered_in_the_end()
    {
        Add("a", 0);
        int deaths = 0;
        while (_queue.TakeReplies() is { Count: 0 })
        {
            _queue.Announced(First, Window($"incarnation {deaths++}", 1), Start);
            _queue.TakeDispatches(Start);
            Assert.InRange(deaths, 0, 20);
        }

        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void There_is_an_end_to_what_may_wait()
    {
        for (int i = 0; i < EmbedRequestQueue<string>.MaxRequests; i++)
        {
            Add("a", i);
        }

        Assert.False(_queue.TryAdd(Pending("a", -1)));
    }

    private static PendingRequest<string> Pending(string owner, int tag, int images = 16, EmbedKey? key = null) =>
        new(owner, new EmbedForRecord(key ?? EmbedWorld.Key, "set", FansOut: false, [.. Enumerable.Repeat(new ImageReference("1.jpeg", ""), images)], tag));

    private static EmbedWindow Window(string incarnation, long sequence, int images = 64) => new(incarnation, sequence, EmbedWorld.Key, images, 100, Queued: 0);

    private void Add(string owner, int tag, int images = 16, EmbedKey? key = null) => Assert.True(_queue.TryAdd(Pending(owner, tag, images, key)));

    private IEnumerable<int> Send() => [.. _queue.TakeDispatches(Start).Select(sending => (int)sending.Ask.Tag!)];
}
