using FsCheck.Xunit;
using Koalarization.Cluster.Hosting;

namespace Koalarization.Cluster.Specs.Hosting;

public sealed class EpochGuardTests
{
    [Property]
    public void An_epoch_is_accepted_exactly_when_none_above_it_was_heard_of(int[] epochs)
    {
        var book = new EpochGuard((_, _) => true);
        long highest = long.MinValue;
        foreach (int epoch in epochs)
        {
            highest = Math.Max(highest, epoch);
            Assert.Equal(epoch == highest, book.Accepts("set", epoch));
        }
    }

    [Fact]
    public void An_epoch_that_is_not_in_the_store_is_not_believed()
    {
        var book = new EpochGuard((_, epoch) => epoch == 3);
        Assert.True(book.IsNew("set", long.MaxValue));
        Assert.False(book.LookUp("set", long.MaxValue));
        Assert.True(book.LookUp("set", 3));
        Assert.False(book.IsNew("set", 3));
        Assert.True(book.Accepts("set", 3));
    }

    [Fact]
    public void Data_sets_have_epochs_of_their_own()
    {
        var book = new EpochGuard((_, _) => true);
        Assert.True(book.Accepts("one", 5));
        Assert.True(book.Accepts("other", 1));
    }
}
