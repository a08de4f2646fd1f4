using Koalarization.Dataset.State;
using Koalarization.Harvest.Fetching;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Pipeline.Tests.Jobs;

public sealed class FetchRulesTests
{
    [Fact]
    public void What_is_not_given_is_the_earlier_rounds_and_else_the_default()
    {
        FetchRules rules = new FetchRules { Tries = 1 }.Completed(new FetchRules { Tries = 2, AllowPrivate = true });

        Assert.Equal((1, true, 30.0, 100.0), (rules.Tries, rules.AllowPrivate, rules.Timeout, rules.MaxMegapixels));
        Assert.All(typeof(FetchRules).GetProperties(), property => Assert.NotNull(property.GetValue(rules)));
    }

    [Fact]
    public void Complete_rules_leave_nothing_to_a_node_but_its_memory()
    {
        var node = new FetchOptions
        {
            AllowPrivate = true,
            ConnectTimeout = TimeSpan.FromSeconds(1),
            FirstByteTimeout = TimeSpan.FromSeconds(1),
            TotalTimeout = TimeSpan.FromSeconds(1),
            MinimumBytesPerSecond = 1,
            StallWindow = TimeSpan.FromSeconds(1),
            MaxBytes = 1,
            MaxRedirects = 1,
            UserAgent = "node",
            MaxBodyBytesInFlight = 7,
        };
        var retry = new RetryOptions { MaxTries = 9, FirstPause = TimeSpan.FromSeconds(9), LongestPause = TimeSpan.FromSeconds(9) };
        FetchRules rules = new FetchRules().Completed();

        Assert.Equal(new FetchOptions { MaxBodyBytesInFlight = 7 }, rules.ApplyTo(node));
        Assert.Equal(new RetryOptions(), rules.ApplyTo(retry));
        Assert.Equal(100_000_000, rules.MaxPixels());
        Assert.Equal(node, new FetchRules().ApplyTo(node));
    }
}
