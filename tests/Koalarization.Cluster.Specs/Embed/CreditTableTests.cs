using Akka.Actor;
using static Koalarization.Cluster.EmbedProtocol;

namespace Koalarization.Cluster.Specs;

public sealed class CreditTableTests
{
    private static readonly Address First = new("akka.tcp", "koala", "first", 1);
    private static readonly Address Second = new("akka.tcp", "koala", "second", 1);
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(1);

    [Fact]
    public void Nothing_is_sent_that_was_not_granted()
    {
        CreditTable table = CreditTable.Empty.Hear(First, Word("a", 1, slots: 32), isUnasked: true, Start);

        Assert.Equal(First, table.Pick(EmbedWorld.Key, 16, Start));
        table = table.Sent(First, 16);
        Assert.Equal(First, table.Pick(EmbedWorld.Key, 16, Start));
        table = table.Sent(First, 16);
        Assert.Null(table.Pick(EmbedWorld.Key, 1, Start));
        Assert.Equal(First, table.Returned(First, "a", 16).Pick(EmbedWorld.Key, 16, Start));
    }

    [Fact]
    public void The_embedder_that_would_be_done_first_is_picked()
    {
        CreditTable table = CreditTable.Empty
            .Hear(First, Word("a", 1, slots: 64, rate: 100), isUnasked: true, Start)
            .Hear(Second, Word("b", 1, slots: 64, rate: 400), isUnasked: true, Start);

        List<Address> picked = [];
        while (table.Pick(EmbedWorld.Key, 16, Start) is Address embedder)
        {
            picked.Add(embedder);
            table = table.Sent(embedder, 16);
        }

        Assert.Equal([Second, Second, Second, First], picked[..4]);
        Assert.Equal(8, picked.Count);
    }

    [Fact]
    public void Five_seconds_of_silence_void_a_grant()
    {
        CreditTable table = CreditTable.Empty.Hear(First, Word("a", 1), isUnasked: true, Start);

        Assert.NotNull(table.Pick(EmbedWorld.Key, 16, Start + Credit.Patience));
        Assert.Null(table.Pick(EmbedWorld.Key, 16, Start + Credit.Patience + TimeSpan.FromTicks(1)));
        Assert.NotNull(table.Hear(First, Word("a", 2), isUnasked: true, Start + TimeSpan.FromSeconds(9)).Pick(EmbedWorld.Key, 16, Start + TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public void An_older_word_says_nothing_any_more()
    {
        CreditTable table = CreditTable.Empty
            .Hear(First, Word("a", 2, slots: 0), isUnasked: true, Start)
            .Hear(First, Word("a", 1, slots: 64), isUnasked: true, Start);

        Assert.Null(table.Pick(EmbedWorld.Key, 1, Start));
    }

    [Fact]
    public void A_new_incarnation_has_nothing_in_work()
    {
        CreditTable table = CreditTable.Empty.Hear(First, Word("a", 7, slots: 16), isUnasked: true, Start).Sent(First, 16);
        Assert.Null(table.Pick(EmbedWorld.Key, 1, Start));

        table = table.Hear(First, Word("b", 1, slots: 16), isUnasked: true, Start);

        Assert.Equal(First, table.Pick(EmbedWorld.Key, 16, Start));
        Assert.Equal(0, table.Returned(First, "a", 16)[First]!.InUse);
    }

    [Fact]
    public void Who_turned_a_request_down_rests_until_it_speaks_unasked()
    {
        CreditTable table = CreditTable.Empty.Hear(First, Word("a", 1), isUnasked: true, Start).Rest(First, "a");

        Assert.Null(table.Pick(EmbedWorld.Key, 1, Start));
        Assert.Null(table.Hear(First, Word("a", 2), isUnasked: false, Start).Pick(EmbedWorld.Key, 1, Start));
        Assert.NotNull(table.Hear(First, Word("a", 2), isUnasked: true, Start).Pick(EmbedWorld.Key, 1, Start));
    }

    [Fact]
    public void Who_leaves_or_has_another_network_is_not_picked()
    {
        CreditTable table = CreditTable.Empty.Hear(First, Word("a", 1), isUnasked: true, Start);

        Assert.Null(table.Leaving(First, "a").Pick(EmbedWorld.Key, 1, Start));
        Assert.Null(table.Pick(EmbedWorld.Key with { Precision = "bf16/cpu" }, 1, Start));
        Assert.Null(table.Forget(First).Pick(EmbedWorld.Key, 1, Start));
        Assert.NotNull(table.Leaving(First, "earlier").Pick(EmbedWorld.Key, 1, Start));
    }

    [Theory]
    [InlineData(16, 100, 30)]
    [InlineData(256, 5, 204.8)]
    [InlineData(16, 0, 300)]
    public void A_request_has_four_times_what_its_place_in_the_queue_takes_and_half_a_minute_at_least(int queued, double rate, double seconds) =>
        Assert.Equal(seconds, TimeBudget.Of(queued, rate).TotalSeconds, precision: 3);

    private static Credit Word(string incarnation, long sequence, int slots = 64, double rate = 100) => new(incarnation, sequence, EmbedWorld.Key, slots, rate, Queued: 0);
}
