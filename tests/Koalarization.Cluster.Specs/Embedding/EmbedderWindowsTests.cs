using Akka.Actor;
using Koalarization.Cluster.Embedding;
using static Koalarization.Cluster.Embedding.EmbedProtocol;

namespace Koalarization.Cluster.Specs.Embedding;

public sealed class EmbedderWindowsTests
{
    private static readonly Address First = new("akka.tcp", "koala", "first", 1);
    private static readonly Address Second = new("akka.tcp", "koala", "second", 1);
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(1);

    private readonly EmbedderWindows _embedders = new();

    [Fact]
    public void No_more_is_in_flight_than_the_window_has_room_for()
    {
        Announce(First, Window("a", 1, images: 32));

        Assert.Equal(First, Pick(16));
        _embedders.Sent(First, 16);
        Assert.Equal(First, Pick(16));
        _embedders.Sent(First, 16);
        Assert.Null(Pick(1));
        _embedders.Returned(First, "a", 16);
        Assert.Equal(First, Pick(16));
        Assert.Null(Pick(17));
    }

    [Fact]
    public void The_embedder_that_would_be_done_first_is_picked()
    {
        Announce(First, Window("a", 1, images: 64, rate: 100));
        Announce(Second, Window("b", 1, images: 64, rate: 400));

        List<Address> picked = [];
        while (Pick(16) is Address embedder)
        {
            picked.Add(embedder);
            _embedders.Sent(embedder, 16);
        }

        Assert.Equal([Second, Second, Second, First], picked[..4]);
        Assert.Equal(8, picked.Count);
    }

    [Fact]
    public void Five_seconds_of_silence_void_a_window()
    {
        Announce(First, Window("a", 1));

        Assert.NotNull(_embedders.Pick(EmbedWorld.Key, 16, Start + EmbedWindow.Lifetime));
        Assert.Null(_embedders.Pick(EmbedWorld.Key, 16, Start + EmbedWindow.Lifetime + TimeSpan.FromTicks(1)));
        _embedders.Apply(First, Window("a", 2), isAnnounced: true, Start + TimeSpan.FromSeconds(9));
        Assert.NotNull(_embedders.Pick(EmbedWorld.Key, 16, Start + TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public void A_window_that_is_out_of_date_changes_nothing()
    {
        Announce(First, Window("a", 2, images: 0));
        Announce(First, Window("a", 1, images: 64));

        Assert.Null(Pick(1));
    }

    [Fact]
    public void An_embedder_that_is_started_again_begins_with_a_fresh_window()
    {
        Assert.False(Announce(First, Window("a", 7, images: 16)));
        _embedders.Sent(First, 16);
        Assert.Null(Pick(1));

        Assert.True(Announce(First, Window("b", 1, images: 16)));

        Assert.Equal(First, Pick(16));
        _embedders.Returned(First, "a", 16);
        Assert.Null(Pick(17));
    }

    [Fact]
    public void An_embedder_that_rejected_a_request_is_suspended_until_it_announces_a_window()
    {
        Announce(First, Window("a", 1));
        _embedders.Suspend(First, "a");

        Assert.Null(Pick(1));
        _embedders.Apply(First, Window("a", 2), isAnnounced: false, Start);
        Assert.Null(Pick(1));
        Announce(First, Window("a", 3));
        Assert.NotNull(Pick(1));
    }

    [Fact]
    public void An_embedder_that_leaves_or_has_another_network_or_is_gone_is_not_picked()
    {
        Announce(First, Window("a", 1));
        Assert.Null(_embedders.Pick(EmbedWorld.Key with { Precision = "bf16/cpu" }, 1, Start));

        Announce(First, Window("a", 2) with { Key = null });
        Assert.Null(Pick(1));

        Announce(First, Window("a", 3));
        Assert.NotNull(Pick(1));
        _embedders.Remove(First);
        Assert.Null(Pick(1));
    }

    [Fact]
    public void An_answer_does_not_make_an_embedder_known_that_is_gone()
    {
        _embedders.Apply(First, Window("a", 1), isAnnounced: false, Start);

        Assert.Null(Pick(1));
        Assert.False(_embedders.Contains(First));
    }

    [Theory]
    [InlineData(16, 100, 30)]
    [InlineData(256, 5, 204.8)]
    [InlineData(16, 0, 300)]
    public void A_request_has_four_times_what_the_queue_before_it_takes_and_half_a_minute_at_least(int queued, double rate, double seconds) =>
        Assert.Equal(seconds, TimeBudget.Of(queued, rate).TotalSeconds, precision: 3);

    private static EmbedWindow Window(string incarnation, long sequence, int images = 64, double rate = 100) =>
        new(incarnation, sequence, EmbedWorld.Key, images, rate, Queued: 0);

    private bool Announce(Address embedder, EmbedWindow window) => _embedders.Apply(embedder, window, isAnnounced: true, Start);

    private Address? Pick(int images) => _embedders.Pick(EmbedWorld.Key, images, Start);
}
