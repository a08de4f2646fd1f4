namespace Koalarization.Cluster.Specs;

public sealed class GrantBookTests
{
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(1);

    private readonly GrantBook _book = new();

    [Fact]
    public void A_client_may_send_what_it_was_granted_and_not_a_picture_more()
    {
        _book.Want("a", 1000, Start);
        Assert.Equal(32, _book.Grant("a", 32, Start));

        Assert.True(_book.TryTake("a", 16));
        Assert.True(_book.TryTake("a", 16));
        Assert.False(_book.TryTake("a", 1));
        _book.End("a", 16);
        Assert.True(_book.TryTake("a", 16));
        Assert.False(_book.TryTake("unheard", 1));
        Assert.Equal(32, _book.InWork);
    }

    [Fact]
    public void A_smaller_word_holds_when_the_larger_one_has_been_forgotten_for_sure()
    {
        _book.Want("a", 1000, Start);
        _book.Grant("a", 64, Start);
        _book.Want("b", 1000, Start);
        Assert.Equal(32, _book.Grant("a", 64, Start));
        Assert.True(_book.TryTake("a", 48));

        TimeSpan later = Start + EmbedProtocol.Credit.Patience;
        _book.Want("a", 1000, later);
        _book.Want("b", 1000, later);
        _book.Grant("a", 64, later);
        _book.End("a", 48);
        Assert.False(_book.TryTake("a", 48));
        Assert.True(_book.TryTake("a", 32));
    }

    [Fact]
    public void A_silent_clients_share_goes_to_the_others()
    {
        _book.Want("a", 1000, Start);
        _book.Want("b", 1000, Start);
        Assert.Equal(32, _book.Grant("a", 64, Start));

        TimeSpan later = Start + EmbedProtocol.Credit.Patience + TimeSpan.FromTicks(1);
        _book.Want("a", 1000, later);

        Assert.Equal(64, _book.Grant("a", 64, later));
        Assert.Equal(0, _book.Grant("b", 64, later));
    }

    [Fact]
    public void Who_wants_nothing_any_more_is_gone_and_its_work_is_still_counted()
    {
        _book.Want("a", 16, Start);
        _book.Grant("a", 64, Start);
        _book.TryTake("a", 16);

        _book.Want("a", 0, Start);

        Assert.True(_book.IsAlone);
        Assert.Equal(16, _book.InWork);
        _book.End("a", 16);
        Assert.Equal(0, _book.InWork);
    }
}
