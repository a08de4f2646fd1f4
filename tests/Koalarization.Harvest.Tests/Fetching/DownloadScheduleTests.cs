using FsCheck;
using FsCheck.Xunit;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Links;
using Koalarization.Harvest.Outages;

namespace Koalarization.Harvest.Tests.Fetching;

/// <summary>Whatever the web does, in whatever order, each link comes to one outcome and no bound is crossed.</summary>
public sealed class DownloadScheduleTests
{
    private static readonly FetchOutcome[] Outages =
    [
        new(FetchOutcomeKind.Dns, "no such host"),
        new(FetchOutcomeKind.Dns, "no answer", IsTransient: true),
        new(FetchOutcomeKind.Connection, "unreachable", IsTransient: true),
        new(FetchOutcomeKind.Timeout, "connect", IsTransient: true),
    ];

    private static readonly FetchOutcome[] Moods =
    [
        new(FetchOutcomeKind.Kept),
        new(FetchOutcomeKind.NotFound, "404"),
        new(FetchOutcomeKind.TooManyRequests, "429", IsTransient: true),
        new(FetchOutcomeKind.TooManyRequests, "429", IsTransient: true, TimeSpan.FromSeconds(20)),
        new(FetchOutcomeKind.ServerError, "503", IsTransient: true),
        new(FetchOutcomeKind.Timeout, "first byte", IsTransient: true),
        new(FetchOutcomeKind.Connection, "reset", IsTransient: true),
        .. Outages,
    ];

    [Property(MaxTest = 150)]
    public void Every_link_gets_exactly_one_outcome(
        int seed, PositiveInt links, PositiveInt hosts, PositiveInt parallel, PositiveInt hostLimit, byte deadHosts, byte outageSecond, byte outageLasts, bool probe, byte refusing)
    {
        var world = new VirtualWorld();
        int hostCount = (hosts.Get % 40) + 1;
        var options = new DownloadOptions
        {
            Parallel = (parallel.Get % 64) + 1,
            HostLimit = (hostLimit.Get % 8) + 1,
            Probe = probe ? new LinkHost("living.example", 80) : null,
        };
        var from = TimeSpan.FromMilliseconds(outageSecond * 50);
        TimeSpan to = from + TimeSpan.FromSeconds(outageLasts);
        bool IsOut() => world.Clock.Elapsed >= from && world.Clock.Elapsed < to;
        world.Answer = (link, host, attempt) =>
        {
            var dice = new Random(HashCode.Combine(seed, link.Url.GetHashCode(StringComparison.Ordinal), attempt));
            FetchOutcome mood = Refuses(host) ? Moods[2 + (seed & 1)] : IsDead(host) ? Outages[dice.Next(Outages.Length)] : Moods[dice.Next(4) == 0 ? dice.Next(Moods.Length) : 0];
            return (TimeSpan.FromMilliseconds(dice.Next(1, 3000)), () => IsOut() && !host.IsAddress ? Outages[seed & 3] : mood);
        };
        world.Probe = host => IsOut() || IsDead(host) ? (ProbeAnswer)(host.Name.Length & 1) : ProbeAnswer.Connected;
        Link[] list = LinkDownloaderTests.Links((links.Get % 50 * 12) + 1, hostCount);

        DownloadedLink?[] done = world.Run(options, list);

        Assert.Equal(list, done.Select(link => link?.Link ?? default));
        Assert.All(done, link => Assert.InRange(link!.Tries, IsTurnedAway(link) ? 0 : 1, options.Retry.MaxTries - (IsTurnedAway(link) ? 1 : 0)));
        Assert.All(done, link => Assert.True(IsTurnedAway(link!) || Moods.Contains(link!.Outcome)));
        Assert.InRange(world.PeakInFlightOverall, 1, options.Parallel);
        Assert.All(world.PeakInFlight.Values, max => Assert.InRange(max, 1, options.HostLimit));
        Assert.True(world.Notices.Count(notice => notice is NetworkLost) == world.Notices.Count(notice => notice is NetworkBack or HostsConfirmedDead));
        bool IsTurnedAway(DownloadedLink link) => link.Outcome == new FetchOutcome(FetchOutcomeKind.TooManyRequests, "the host refuses everything");
        bool Refuses(LinkHost host) => host.Name.Length == 10 && ((refusing >> (host.Name[1] % 8)) & 1) == 1;

        // One host lives, or a silent list would wait for a network.
        bool IsDead(LinkHost host) => host.Name is not ("living.example" or "h0.example") && ((deadHosts >> ((host.Name.Length + host.Name[1]) % 8)) & 1) == 1;
    }
}
