using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;

namespace Koalarization.Harvest.Tests.Fetching;

public sealed class HostQueuesTests
{
    private readonly HostQueues _hosts = new(new DownloadOptions(), new FakeTimeProvider(), _ => { }, capacity: 10);

    [Fact]
    public void A_host_of_which_nothing_is_to_be_remembered_is_forgotten_at_once()
    {
        Fetch("a.example", new FetchOutcome(FetchOutcomeKind.Kept), TimeSpan.Zero);

        Assert.Empty(_hosts.Hosts);
    }

    [Fact]
    public void What_is_remembered_of_hosts_does_not_grow_with_the_list()
    {
        for (int i = 0; i < 1000; i++)
        {
            Fetch($"h{i}.example", new FetchOutcome(FetchOutcomeKind.ServerError, "503", IsTransient: true), TimeSpan.Zero);
            Assert.InRange(_hosts.Hosts.Count, 0, 11);
        }
    }

    [Fact]
    public void A_host_that_is_paused_is_remembered()
    {
        Fetch("a.example", new FetchOutcome(FetchOutcomeKind.TooManyRequests, "429", IsTransient: true, TimeSpan.FromSeconds(60)), TimeSpan.Zero);
        for (int i = 0; i < 100; i++)
        {
            Fetch($"h{i}.example", new FetchOutcome(FetchOutcomeKind.ServerError, "503", IsTransient: true), TimeSpan.FromSeconds(1));
        }

        Assert.Contains(new LinkHost("a.example", 80), _hosts.Hosts);
    }

    [Fact]
    public void A_host_that_is_given_up_is_remembered()
    {
        var busy = new FetchOutcome(FetchOutcomeKind.TooManyRequests, "429", IsTransient: true, TimeSpan.FromSeconds(1));
        for (int i = 0; i < HostState.RefusalsToGiveUp; i++)
        {
            Fetch("a.example", busy, TimeSpan.FromSeconds(2 * i));
        }

        for (int i = 0; i < 100; i++)
        {
            Fetch($"h{i}.example", new FetchOutcome(FetchOutcomeKind.ServerError, "503", IsTransient: true), TimeSpan.FromMinutes(5));
        }

        Assert.Contains(new LinkHost("a.example", 80), _hosts.Hosts);
    }

    private void Fetch(string host, FetchOutcome outcome, TimeSpan now)
    {
        var request = new PermitRequest();
        _hosts.Add(new LinkHost(host, 80), request);
        _hosts.Start(now, sequence: 0);
        Assert.True(request.Task.IsCompletedSuccessfully);
#pragma warning disable xUnit1031 // It is completed.
        _hosts.Return(request.Task.Result.Permit, outcome, now);
#pragma warning restore xUnit1031
        _hosts.Start(now, sequence: 0);
    }
}
