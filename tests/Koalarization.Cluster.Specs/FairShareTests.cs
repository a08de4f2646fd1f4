using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Koalarization.Cluster.Specs;

public sealed class FairShareTests
{
    [Theory]
    [InlineData(32, new[] { 5 }, new[] { 5 })]
    [InlineData(32, new[] { 100, 100, 100 }, new[] { 11, 11, 10 })]
    [InlineData(32, new[] { 2, 100, 100 }, new[] { 2, 15, 15 })]
    [InlineData(2, new[] { 9, 0, 9, 9 }, new[] { 1, 0, 1, 0 })]
    [InlineData(0, new[] { 9, 9 }, new[] { 0, 0 })]
    public void Small_demands_are_met_and_the_others_share(int available, int[] demands, int[] shares) =>
        Assert.Equal(shares, FairShare.Of(demands, available));

    [Property]
    public Property All_is_given_or_all_demands_are_met_and_no_share_is_short_while_another_has_two_more() =>
        Prop.ForAll(Gen.ListOf(Gen.Choose(0, 50)).ToArbitrary(), Gen.Choose(0, 64).ToArbitrary(), (demands, available) =>
        {
            int[] shares = FairShare.Of([.. demands], available);
            Assert.Equal(Math.Min(available, demands.Sum()), shares.Sum());
            int max = shares.Length == 0 ? 0 : shares.Max();
            Assert.All(shares.Zip(demands), share => Assert.True(share.First == share.Second || (share.First < share.Second && share.First >= max - 1)));
        });
}
