using FsCheck.Xunit;
using Koalarization.Cluster.Hosting;

namespace Koalarization.Cluster.Specs.Hosting;

public sealed class EpochGuardTests
{
    [Property]
    public void An_epoch_is_accepted_exactly_when_none_above_it_was_heard_of(int[] epochs)
    {
        var book = new EpochGuard();
        long highest = long.MinValue;
        foreach (int epoch in epochs)
        {
            highest = Math.Max(highest, epoch);
            Assert.Equal(epoch == highest, book.Accepts("set", epoch));
        }
    }

    [Fact]
    public void Data_sets_have_epochs_of_their_own()
    {
        var book = new EpochGuard();
        Assert.True(book.Accepts("one", 5));
        Assert.True(book.Accepts("other", 1));
    }
}
