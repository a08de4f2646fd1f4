using FsCheck;
using FsCheck.Xunit;
using Koalarization.Harvest.Fetching;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class RetryPolicyTests
{
    private static readonly RetryOptions Options = new();
    private static readonly FetchOutcome Transient = new(FetchOutcomeKind.Connection, IsTransient: true);

    [Theory]
    [InlineData(1, 0.0, 1.0)]
    [InlineData(1, 1.0, 2.0)]
    [InlineData(2, 0.0, 2.0)]
    [InlineData(2, 0.5, 3.0)]
    public void The_pause_doubles_and_lies_in_the_upper_half_of_its_range(int attempt, double random, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryPolicy.PauseBeforeNextTry(Transient, attempt, random, Options));

    [Fact]
    public void The_third_try_is_the_last() => Assert.Null(RetryPolicy.PauseBeforeNextTry(Transient, 3, 0.5, Options));

    [Theory]
    [InlineData(7, 7)]
    [InlineData(0, 2)]
    [InlineData(86_400, 60)]
    public void Retry_After_is_obeyed_up_to_a_minute(int asked, int seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            RetryPolicy.PauseBeforeNextTry(Transient with { RetryAfter = TimeSpan.FromSeconds(asked) }, 1, 1, Options));

    [Property]
    public void A_permanent_outcome_stands(PositiveInt attempt, int kind) =>
        Assert.Null(RetryPolicy.PauseBeforeNextTry(
            new FetchOutcome(FetchOutcomeNames.All[(kind & int.MaxValue) % FetchOutcomeNames.All.Count]), attempt.Get, 0.5, Options));

    [Property]
    public void No_pause_is_negative_longer_than_allowed_or_shorter_than_asked(PositiveInt attempt, PositiveInt tries, NormalFloat random, NonNegativeInt asked)
    {
        RetryOptions options = Options with { MaxTries = tries.Get };
        FetchOutcome outcome = Transient with { RetryAfter = TimeSpan.FromSeconds(asked.Get) };

        TimeSpan? pause = RetryPolicy.PauseBeforeNextTry(outcome, attempt.Get, random.Get, options);

        Assert.Equal(attempt.Get < tries.Get, pause is not null);
        if (pause is { } time)
        {
            Assert.InRange(time, TimeSpan.FromSeconds(Math.Min(asked.Get, 60)), options.LongestPause);
            Assert.True(time >= options.FirstPause / 2);
        }
    }

    [Fact]
    public void The_outcomes_have_the_names_that_never_change()
    {
        Assert.Equal(
            "kept bad_url address_refused dns connection tls timeout redirects not_found forbidden too_many_requests server_error http_error too_large empty not_jpeg damaged too_many_pixels",
            string.Join(' ', FetchOutcomeNames.All.Select(kind => kind.WireName())));
        Assert.All(FetchOutcomeNames.All, kind => Assert.True(FetchOutcomeNames.TryParse(kind.WireName(), out FetchOutcomeKind parsed) && parsed == kind));
        Assert.False(FetchOutcomeNames.TryParse("Kept", out _));
        Assert.False(FetchOutcomeNames.TryParse(null, out _));
    }
}
