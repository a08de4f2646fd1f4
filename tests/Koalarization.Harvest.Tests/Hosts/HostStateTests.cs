using FsCheck;
using FsCheck.Xunit;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;

namespace Koalarization.Harvest.Tests.Hosts;

public sealed class HostStateTests
{
    private static readonly RetryOptions Retry = new();
    private static readonly FetchOutcome Good = new(FetchOutcomeKind.Kept);
    private static readonly FetchOutcome Refused = new(FetchOutcomeKind.TooManyRequests, "429", IsTransient: true);
    private static readonly FetchOutcome Busy = new(FetchOutcomeKind.ServerError, "503", IsTransient: true);
    private static readonly FetchOutcome Broken = new(FetchOutcomeKind.ServerError, "500", IsTransient: true);

    [Fact]
    public void A_host_that_says_429_gets_half_its_places() => Assert.Equal(16, After(Refused).MaxInFlight);

    [Fact]
    public void A_host_that_says_503_gets_half_its_places_and_goes_on() =>
        Assert.Equal((16, true), (After(Busy).MaxInFlight, After(Busy).CanTake(TimeSpan.Zero)));

    [Fact]
    public void A_host_that_says_500_keeps_its_places() => Assert.Equal(HostState.New(32), After(Broken));

    [Fact]
    public void Answers_to_requests_that_were_on_the_way_halve_only_once()
    {
        HostState host = HostState.New(32);
        for (int i = 0; i < 5; i++)
        {
            host = host.Taken();
        }

        for (int i = 0; i < 5; i++)
        {
            host = host.Returned(Refused, generation: 0, TimeSpan.FromSeconds(i), Retry);
        }

        Assert.Equal(16, host.MaxInFlight);
        Assert.Equal(TimeSpan.FromSeconds(2), host.PausedUntil);
    }

    [Fact]
    public void A_request_sent_after_the_halving_halves_again_and_the_pause_doubles_up_to_a_minute()
    {
        HostState host = HostState.New(32);
        var pauses = new List<double>();
        var limits = new List<int>();
        for (int i = 0; i < 8; i++)
        {
            TimeSpan now = host.PausedUntil > TimeSpan.Zero ? host.PausedUntil : TimeSpan.Zero;
            host = host.Taken().Returned(Refused, host.Generation, now, Retry);
            pauses.Add((host.PausedUntil - now).TotalSeconds);
            limits.Add(host.MaxInFlight);
        }

        Assert.Equal([2, 4, 8, 16, 32, 60, 60, 60], pauses);
        Assert.Equal([16, 8, 4, 2, 1, 1, 1, 1], limits);
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(60, 60)]
    [InlineData(86_400, 60)]
    [InlineData(0, 2)]
    public void Retry_After_pauses_the_host_up_to_a_minute_and_nought_is_no_word(int asked, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), After(Refused with { RetryAfter = TimeSpan.FromSeconds(asked) }).PausedUntil);

    [Fact]
    public void A_503_with_Retry_After_pauses_the_host() =>
        Assert.Equal(TimeSpan.FromSeconds(9), After(Busy with { RetryAfter = TimeSpan.FromSeconds(9) }).PausedUntil);

    [Fact]
    public void A_later_word_of_the_same_burst_may_lengthen_the_pause_but_not_shorten_it()
    {
        HostState host = HostState.New(32).Taken().Taken().Taken()
            .Returned(Refused with { RetryAfter = TimeSpan.FromSeconds(20) }, 0, TimeSpan.Zero, Retry);

        Assert.Equal(20, host.Returned(Refused with { RetryAfter = TimeSpan.FromSeconds(5) }, 0, TimeSpan.Zero, Retry).PausedUntil.TotalSeconds);
        Assert.Equal(40, host.Returned(Refused with { RetryAfter = TimeSpan.FromSeconds(40) }, 0, TimeSpan.Zero, Retry).PausedUntil.TotalSeconds);
    }

    [Fact]
    public void One_place_comes_back_for_a_hundred_good_answers_and_none_beyond_the_first_number()
    {
        HostState host = After(Refused);
        for (int answers = 1; answers <= 20 * HostState.AnswersPerIncrease; answers++)
        {
            host = host.Taken().Returned(Good, host.Generation, host.PausedUntil, Retry);
            Assert.Equal(Math.Min(32, 16 + (answers / HostState.AnswersPerIncrease)), host.MaxInFlight);
        }

        Assert.True(host.IsAsNew);
    }

    [Fact]
    public void A_loopback_host_has_no_limit_but_its_pauses_are_kept()
    {
        HostState host = HostState.New(limit: null).Taken().Returned(Refused, 0, TimeSpan.Zero, Retry);

        Assert.Equal((int.MaxValue, false, true), (host.MaxInFlight, host.CanTake(TimeSpan.Zero), host.CanTake(TimeSpan.FromSeconds(2))));
    }

    [Fact]
    public void Twenty_refusals_one_after_the_other_give_a_host_up_and_ten_minutes_later_one_link_may_ask()
    {
        HostState host = RefusedTimes(HostState.New(32), HostState.RefusalsToGiveUp - 1, Refused);
        Assert.False(host.IsGivenUp);

        host = RefusedTimes(host, 1, Refused);
        TimeSpan probe = host.ProbeAt;

        Assert.Equal((true, false, true), (host.IsGivenUp, host.CanTake(probe - TimeSpan.FromTicks(1)), host.Rejects(probe - TimeSpan.FromTicks(1))));
        Assert.Equal((true, false), (host.CanTake(probe), host.Rejects(probe)));
        Assert.Equal((false, true), (host.Taken().CanTake(probe), host.Taken().Rejects(probe)));
        Assert.Equal(new FetchOutcome(FetchOutcomeKind.TooManyRequests, "the host refuses everything"), host.Rejection);
    }

    [Fact]
    public void A_burst_of_refusals_gives_no_host_up()
    {
        HostState host = HostState.New(32);
        host = Enumerable.Range(0, 32).Aggregate(host, (busy, _) => busy.Taken());
        host = Enumerable.Range(0, 32).Aggregate(host, (busy, _) => busy.Returned(Refused, generation: 0, TimeSpan.Zero, Retry));

        Assert.Equal((false, 1), (host.IsGivenUp, host.RefusalsInARow));
    }

    [Fact]
    public void A_good_answer_between_starts_the_count_again_and_a_503_without_a_word_is_none()
    {
        HostState host = RefusedTimes(HostState.New(32), 19, Refused);

        Assert.False(RefusedTimes(RefusedTimes(host, 1, Good), 19, Refused).IsGivenUp);
        Assert.False(RefusedTimes(host, 30, Busy).IsGivenUp);
        HostState busy = RefusedTimes(host, 1, Busy with { RetryAfter = TimeSpan.FromSeconds(1) });
        Assert.Equal((true, FetchOutcomeKind.ServerError), (busy.IsGivenUp, busy.Rejection.Kind));
    }

    [Fact]
    public void A_good_answer_opens_a_host_with_one_place_and_any_other_leaves_it_alone_for_ten_minutes_more()
    {
        HostState host = RefusedTimes(HostState.New(1 << 24), HostState.RefusalsToGiveUp, Refused);
        TimeSpan probe = host.ProbeAt;

        HostState open = host.Taken().Returned(Good, host.Generation, probe, Retry);
        Assert.Equal((false, 1, true), (open.IsGivenUp, open.MaxInFlight, open.CanTake(probe)));
        Assert.All([Refused, Busy, Broken], outcome =>
            Assert.Equal(probe + HostState.ProbeAfter, host.Taken().Returned(outcome, host.Generation, probe, Retry).ProbeAt));
    }

    [Property]
    public void Whatever_comes_places_and_pauses_stay_within_bounds(PositiveInt limit, byte[] events)
    {
        HostState host = HostState.New(limit.Get);
        var generations = new Queue<int>();
        TimeSpan now = TimeSpan.Zero;
        FetchOutcome[] outcomes =
        [
            Good, Refused, Busy, Broken, new(FetchOutcomeKind.NotFound), new(FetchOutcomeKind.Timeout, "connect", IsTransient: true),
            Refused with { RetryAfter = TimeSpan.FromSeconds(1000) }, Busy with { RetryAfter = TimeSpan.FromSeconds(3) },
        ];
        foreach (byte e in events)
        {
            now += TimeSpan.FromSeconds(e % 5);
            HostState before = host;
            if (host.CanTake(now) && e % 3 != 0)
            {
                Assert.True(host.InFlight < host.MaxInFlight && now >= host.PausedUntil);
                generations.Enqueue(host.Generation);
                host = host.Taken();
            }
            else if (generations.TryDequeue(out int generation))
            {
                host = e % 7 == 0 ? host.Cancelled() : host.Returned(outcomes[e % outcomes.Length], generation, now, Retry);
            }

            Assert.InRange(host.MaxInFlight, 1, limit.Get);
            Assert.Equal(generations.Count, host.InFlight);
            Assert.InRange(host.GoodAnswers, 0, HostState.AnswersPerIncrease - 1);
            Assert.True(host.PausedUntil <= now + Retry.LongestPause);
            Assert.True(host.PausedUntil >= before.PausedUntil);
            Assert.InRange(host.Generation - before.Generation, 0, 1);
        }
    }

    private static HostState RefusedTimes(HostState host, int times, FetchOutcome outcome)
    {
        for (int i = 0; i < times; i++)
        {
            host = host.Taken().Returned(outcome, host.Generation, host.PausedUntil > TimeSpan.Zero ? host.PausedUntil : TimeSpan.Zero, Retry);
        }

        return host;
    }

    private static HostState After(FetchOutcome outcome) => HostState.New(32).Taken().Returned(outcome, generation: 0, TimeSpan.Zero, Retry);
}
