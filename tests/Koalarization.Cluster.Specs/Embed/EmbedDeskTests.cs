using Akka.Actor;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static Koalarization.Cluster.EmbedProtocol;

namespace Koalarization.Cluster.Specs;

public sealed class EmbedDeskTests
{
    private static readonly Address First = new("akka.tcp", "koala", "first", 1);
    private static readonly Address Second = new("akka.tcp", "koala", "second", 1);
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(1);

    private readonly EmbedDesk<string> _desk = new();

    /// <summary>Each number of the script is an event: see <see cref="DeskWorld.Do"/>.</summary>
    [Property(MaxTest = 500, EndSize = 400)]
    public Property Whatever_happens_every_group_is_answered_once_and_nothing_is_sent_that_was_not_granted() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Choose(0, 9_999)).ToArbitrary(), script =>
        {
            var world = new DeskWorld();
            foreach (int happening in script)
            {
                world.Do(happening);
            }

            world.Finish();

            Assert.All(world.Asked, tag => Assert.Equal(1, world.Replies.GetValueOrDefault(tag)));
            Assert.Empty(world.Desk.Wanted);
        });

    [Fact]
    public void Askers_take_turns()
    {
        for (int i = 0; i < 3; i++)
        {
            Add("greedy", i);
        }

        Add("modest", 10);
        _desk.Hear(First, Word("a", 1, slots: 64), Start);

        Assert.Equal([0, 10, 1, 2], Send());
    }

    [Fact]
    public void A_large_group_is_not_overtaken_by_small_ones()
    {
        Add("a", 0, images: 16);
        Add("b", 1, images: 1);
        _desk.Hear(First, Word("a", 1, slots: 8), Start);
        Assert.Empty(Send());

        _desk.Hear(First, Word("a", 2, slots: 17), Start);
        Assert.Equal([0, 1], Send());
    }

    [Fact]
    public void A_network_that_nobody_has_holds_up_no_other()
    {
        var other = EmbedWorld.Key with { Weights = "other" };
        Add("a", 0, key: other);
        Add("a", 1);
        Add("b", 2);
        _desk.Hear(First, Word("a", 1, slots: 64), Start);

        Assert.Equal([2], Send());
        Assert.Equal(16, _desk.Wanted[other]);
    }

    [Fact]
    public void A_lost_embedders_requests_go_to_another_at_once_and_in_their_order()
    {
        Add("a", 0);
        Add("a", 1);
        _desk.Hear(First, Word("a", 1, slots: 32), Start);
        Assert.Equal([0, 1], Send());
        _desk.Hear(Second, Word("b", 1, slots: 32), Start);

        _desk.Lost(First);

        Assert.Equal([0, 1], Send());
    }

    [Fact]
    public void A_late_answer_counts_and_the_second_one_does_not()
    {
        Add("a", 0);
        _desk.Hear(First, Word("a", 1, slots: 32), Start);
        EmbedSending late = Assert.Single(_desk.Send(Start));
        TimeSpan expired = Start + TimeSpan.FromSeconds(31);
        Assert.Equal(1, _desk.Expire(expired));
        _desk.Hear(Second, Word("b", 1, slots: 32), expired);
        EmbedSending again = Assert.Single(_desk.Send(expired));
        Assert.Equal(Second, again.To);

        _desk.Answered(late.Number, First, new byte[4], [], Word("a", 2), expired);
        _desk.Answered(again.Number, Second, new byte[4], [], Word("b", 2), expired);

        Assert.IsType<EmbeddingsReady>(Assert.Single(_desk.TakeReplies()).Reply);
    }

    [Fact]
    public void A_group_that_embedders_keep_dying_with_is_answered_in_the_end()
    {
        Add("a", 0);
        int deaths = 0;
        while (_desk.TakeReplies() is { Count: 0 })
        {
            _desk.Hear(First, Word($"incarnation {deaths++}", 1), Start);
            _desk.Send(Start);
            Assert.InRange(deaths, 0, 20);
        }

        Assert.Empty(_desk.Wanted);
    }

    [Fact]
    public void There_is_an_end_to_what_may_wait()
    {
        for (int i = 0; i < EmbedDesk<string>.MostGroups; i++)
        {
            Add("a", i);
        }

        Assert.False(_desk.TryAdd(Group("a", -1)));
    }

    private static AskedGroup<string> Group(string asker, int tag, int images = 16, EmbedKey? key = null) =>
        new(asker, new EmbedForRecord(key ?? EmbedWorld.Key, "set", FansOut: false, [.. Enumerable.Repeat(new ImageReference("1.jpeg", ""), images)], tag));

    private static Credit Word(string incarnation, long sequence, int slots = 64) => new(incarnation, sequence, EmbedWorld.Key, slots, 100, Queued: 0);

    private void Add(string asker, int tag, int images = 16, EmbedKey? key = null) => Assert.True(_desk.TryAdd(Group(asker, tag, images, key)));

    private IEnumerable<int> Send() => [.. _desk.Send(Start).Select(sending => (int)sending.Ask.Tag!)];
}
