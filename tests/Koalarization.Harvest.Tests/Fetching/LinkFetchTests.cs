using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Links;
using Koalarization.Harvest.Outages;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class LinkFetchTests
{
    private static readonly RetryOptions Retry = new();
    private static readonly FetchOutcome Kept = new(FetchOutcomeKind.Kept);
    private static readonly FetchOutcome Busy = new(FetchOutcomeKind.ServerError, "500", IsTransient: true);
    private static readonly FetchOutcome NoAnswer = new(FetchOutcomeKind.Dns, "no answer", IsTransient: true);

    private readonly Link _link = Link.Of("http://a.example/1.jpg");

    [Fact]
    public void A_link_waits_for_a_permit_is_fetched_and_is_done()
    {
        var fetch = LinkFetch.Of(_link);
        Assert.Equal((FetchStep.WaitForPermit, new LinkHost("a.example", 80)), (fetch.Next, fetch.Host));

        fetch = fetch.Permitted(Permit());
        Assert.Equal(FetchStep.Fetch, fetch.Next);
        Assert.NotNull(fetch.Permit);

        fetch = Fetched(fetch, Kept);
        Assert.Null(fetch.Permit);
        Assert.Equal(new DownloadedLink(_link, Kept, Tries: 1), fetch.Result);
    }

    [Fact]
    public void A_link_without_a_host_is_fetched_without_a_permit()
    {
        var fetch = LinkFetch.Of(Link.Of("http://"));

        Assert.Equal((FetchStep.Fetch, null, null), (fetch.Next, fetch.Host, fetch.Permit));
        Assert.Equal(FetchStep.Fetch, fetch.Repeated().Next);
    }

    [Fact]
    public void A_rejected_link_is_done_without_a_try()
    {
        var rejected = new FetchOutcome(FetchOutcomeKind.TooManyRequests, "the host refuses everything");

        LinkFetch fetch = LinkFetch.Of(_link).Permitted(new PermitResult(default, rejected));

        Assert.Equal(new DownloadedLink(_link, rejected, Tries: 0), fetch.Result);
    }

    [Fact]
    public void A_transient_outcome_is_tried_again_after_a_pause_until_the_tries_are_used()
    {
        var fetch = LinkFetch.Of(_link);
        for (int attempt = 1; attempt < Retry.MaxTries; attempt++)
        {
            fetch = Fetched(fetch.Permitted(Permit()), Busy);
            Assert.Equal((FetchStep.Pause, attempt, RetryPolicy.PauseBeforeNextTry(Busy, attempt, 0, Retry)), (fetch.Next, fetch.Try, fetch.Pause));
            fetch = fetch.Paused();
            Assert.Equal((FetchStep.WaitForPermit, attempt + 1), (fetch.Next, fetch.Try));
        }

        Assert.Equal(new DownloadedLink(_link, Busy, Retry.MaxTries), Fetched(fetch.Permitted(Permit()), Busy).Result);
    }

    [Fact]
    public void An_outcome_that_was_the_networks_fault_costs_no_try()
    {
        LinkFetch fetch = Fetched(LinkFetch.Of(_link).Permitted(Permit()), NoAnswer, new PendingOutcome(default, default, 0, 0));
        Assert.Equal(FetchStep.WaitForVerdict, fetch.Next);

        fetch = fetch.Settled(isFinal: false, random: 0, Retry);

        Assert.Equal((FetchStep.WaitForPermit, 1, false), (fetch.Next, fetch.Try, fetch.FailedBefore));
    }

    [Fact]
    public void An_outcome_that_stands_is_judged_and_remembered()
    {
        LinkFetch fetch = Fetched(LinkFetch.Of(_link).Permitted(Permit()), NoAnswer, new PendingOutcome(default, default, 0, 0)).Settled(isFinal: true, random: 0, Retry);

        Assert.Equal((FetchStep.Pause, true), (fetch.Next, fetch.FailedBefore));
        Assert.Equal((2, true), (fetch.Paused().Try, fetch.Paused().FailedBefore));
    }

    [Fact]
    public void A_limit_of_this_machine_costs_no_try_however_long_it_lasts()
    {
        FetchOutcome full = new(FetchOutcomeKind.Connection, "no file descriptor is left on this machine", IsTransient: true) { Uncounted = UncountedTry.MachineLimit };
        var fetch = LinkFetch.Of(_link);
        double last = 0;
        for (int i = 0; i < 100; i++)
        {
            fetch = Fetched(fetch.Permitted(Permit()), full);
            Assert.Equal((FetchStep.Pause, 1), (fetch.Next, fetch.Try));
            Assert.InRange(fetch.Pause.TotalSeconds, last, 15);
            last = fetch.Pause.TotalSeconds;
            fetch = fetch.Paused();
            Assert.Equal((FetchStep.WaitForPermit, 1), (fetch.Next, fetch.Try));
        }

        Assert.Equal(new DownloadedLink(_link, Kept, Tries: 1), Fetched(fetch.Permitted(Permit()), Kept).Result);
    }

    [Fact]
    public void Limits_of_the_machine_do_not_make_a_pause_of_the_process_count()
    {
        FetchOutcome full = new(FetchOutcomeKind.Connection, "no file descriptor is left on this machine", IsTransient: true) { Uncounted = UncountedTry.MachineLimit };
        FetchOutcome late = new(FetchOutcomeKind.Timeout, "total", IsTransient: true) { Uncounted = UncountedTry.ProcessPaused };
        var fetch = LinkFetch.Of(_link);
        for (int i = 0; i < 20; i++)
        {
            fetch = Fetched(fetch.Permitted(Permit()), full).Paused();
        }

        Assert.Equal(1, Fetched(fetch.Permitted(Permit()), late).Paused().Try);
    }

    [Fact]
    public void A_try_during_which_the_process_did_not_run_does_not_count_until_there_were_many()
    {
        FetchOutcome late = new(FetchOutcomeKind.Timeout, "total", IsTransient: true) { Uncounted = UncountedTry.ProcessPaused };
        var fetch = LinkFetch.Of(_link);
        for (int i = 0; i < LinkFetch.MaxPausedTries; i++)
        {
            fetch = Fetched(fetch.Permitted(Permit()), late);
            Assert.Equal((FetchStep.Pause, TimeSpan.Zero, 1), (fetch.Next, fetch.Pause, fetch.Try));
            fetch = fetch.Paused();
        }

        fetch = Fetched(fetch.Permitted(Permit()), late).Paused();

        Assert.Equal(2, fetch.Try);
    }

    [Fact]
    public void A_link_that_is_not_done_has_no_result() => Assert.Throws<InvalidOperationException>(() => LinkFetch.Of(_link).Result);

    [Fact]
    public async Task A_request_whose_permit_expires_is_cancelled_and_its_try_does_not_count()
    {
        var fetcher = new HangingFetcher();
        using var throttle = new FetchThrottle(fetcher, new DownloadOptions(), notify: null);
        var driver = new FetchDriver(fetcher, throttle, Retry);
        using var expiry = new CancellationTokenSource();
        FetchPermit permit = (await throttle.EnterAsync(new LinkHost("a.example", 80), source: null, CancellationToken.None)).Permit;

        Task<LinkFetch> step = driver.StepAsync(
            LinkFetch.Of(_link).Permitted(new PermitResult(permit with { Expiry = expiry.Token }, Rejected: null)), source: null, CancellationToken.None);
        await expiry.CancelAsync();
        LinkFetch fetch = await step;

        Assert.Equal((FetchStep.WaitForPermit, 1), (fetch.Next, fetch.Try));
        Assert.Equal(0, throttle.InFlight);
    }

    private static PermitResult Permit() => new(new FetchPermit(null!, Generation: 0, Sequence: 0, CancellationToken.None), Rejected: null);

    private static LinkFetch Fetched(LinkFetch fetch, FetchOutcome outcome, PendingOutcome? pending = null) => fetch.Fetched(outcome, pending, random: 0, Retry);

    private sealed class HangingFetcher : ILinkFetcher
    {
        public TimeProvider Clock => TimeProvider.System;

        public LookupCounts Lookups => default;

        public Task<FetchOutcome> FetchAsync(Link link, CancellationToken cancellationToken) =>
            new TaskCompletionSource<FetchOutcome>().Task.WaitAsync(cancellationToken);

        public Task<ProbeAnswer> ProbeAsync(LinkHost host, CancellationToken cancellationToken) => Task.FromResult(ProbeAnswer.Connected);

        public void ForgetMissingHosts(TimeSpan learnedWithin)
        {
        }
    }
}
