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

    private readonly List<EmbedReply> _replies = [];
    private readonly EmbedRequestQueue _queue;

    public EmbedRequestQueueTests() => _queue = new EmbedRequestQueue("client", (_, reply) => _replies.Add(reply));

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
            Assert.Empty(world.Queue.Unanswered);
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
        Assert.Equal(3, _queue.Unanswered.Count);
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

        Answer(late, First, Window("a", 2), expired);
        Answer(again, Second, Window("b", 2), expired);

        Assert.IsType<EmbeddingsReady>(Assert.Single(_replies));
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

        Answer(lost, First, Window("a", 2), Start);
        Assert.Empty(_replies);
        Answer(again, Second, Window("b", 2), Start);

        Assert.IsType<EmbeddingsReady>(Assert.Single(_replies));
        Assert.False(_queue.Lost(First));
    }

    [Fact]
    public void An_answer_to_an_earlier_start_of_the_client_is_ignored()
    {
        Add("a", 0);
        _queue.Announced(First, Window("a", 1, images: 32), Start);
        Dispatch dispatch = Assert.Single(_queue.TakeDispatches(Start));

        Answer(dispatch with { Id = dispatch.Id with { Client = "earlier" } }, First, Window("a", 2), Start);
        Assert.Empty(_replies);
        Answer(dispatch, First, Window("a", 3), Start);

        Assert.Single(_replies);
    }

    [Fact]
    public void A_request_that_embedders_keep_dying_with_is_answered_in_the_end()
    {
        Add("a", 0);
        int deaths = 0;
        while (_replies.Count == 0)
        {
            _queue.Announced(First, Window($"incarnation {deaths++}", 1), Start);
            _queue.TakeDispatches(Start);
            Assert.InRange(deaths, 0, 20);
        }

        Assert.Empty(_queue.Unanswered);
    }

    [Fact]
    public void A_request_that_clients_keep_failing_with_is_answered_in_the_end()
    {
        PendingRequest request = Pending("a", 0);
        for (int starts = 0; _replies.Count == 0; starts++)
        {
            var queue = new EmbedRequestQueue($"client/{starts}", (_, reply) => _replies.Add(reply));
            queue.AddAgain(request);
            Assert.InRange(starts, 0, 20);
        }

        Assert.IsType<EmbeddingFailed>(Assert.Single(_replies));
    }

    [Fact]
    public void There_is_an_end_to_what_may_wait()
    {
        for (int i = 0; i < EmbedRequestQueue.MaxRequests; i++)
        {
            Add("a", i);
        }

        Assert.Empty(_replies);
        Add("a", -1);

        Assert.Equal(-1, Assert.IsType<EmbeddingFailed>(Assert.Single(_replies)).Request.Tag);
    }

    private static PendingRequest Pending(string owner, int tag, int images = 16, EmbedKey? key = null) =>
        new(new NamedOwner(owner), new EmbedForRecord(key ?? EmbedWorld.Key, "set", FansOut: false, [.. Enumerable.Repeat(new ImageReference("1.jpeg", ""), images)], tag));

    private static EmbedWindow Window(string incarnation, long sequence, int images = 64) => new(incarnation, sequence, EmbedWorld.Key, images, 100, Queued: 0);

    private void Add(string owner, int tag, int images = 16, EmbedKey? key = null) => _queue.Add(Pending(owner, tag, images, key));

    private void Answer(Dispatch dispatch, Address from, EmbedWindow window, TimeSpan now) =>
        _queue.Answered(from, new ImagesEmbedded(dispatch.Id, new byte[4], [], window), now);

    private IEnumerable<int> Send() => [.. _queue.TakeDispatches(Start).Select(sending => (int)sending.Ask.Tag!)];
}
