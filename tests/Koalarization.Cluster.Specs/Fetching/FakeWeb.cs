using System.Buffers;
using System.Collections.Concurrent;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Links;

namespace Koalarization.Cluster.Specs.Fetching;

/// <summary>A web that answers at once, or when the test says so.</summary>
internal sealed class FakeWeb : ILinkFetcher
{
    private readonly ConcurrentDictionary<string, int> _tries = new();

    public SteppedTimeProvider Clock { get; } = new();

    TimeProvider ILinkFetcher.Clock => Clock;

    public LookupCounts Lookups => default;

    /// <summary>What a link's n-th try comes to.</summary>
    public Func<string, int, Task<FetchOutcome>> Answer { get; set; } = (url, _) => Task.FromResult(Kept(url));

    /// <summary>All requests, with their times.</summary>
    public ConcurrentQueue<(string Url, TimeSpan At)> Requests { get; } = new();

    public static FetchOutcome Kept(string text)
    {
        byte[] bytes = FakeCodec.PictureOf(text);
        byte[] rented = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(rented, 0);
        return new FetchOutcome(FetchOutcomeKind.Kept) { Body = new PictureBody(rented, bytes.Length) };
    }

    public async Task<FetchOutcome> FetchAsync(Link link, CancellationToken cancellationToken)
    {
        if (!LinkHost.TryParse(link.Url, out _))
        {
            return new FetchOutcome(FetchOutcomeKind.BadUrl, "no URL");
        }

        Requests.Enqueue((link.Url!, Clock.Elapsed));
        return await Answer(link.Url!, _tries.AddOrUpdate(link.Url!, 1, (_, tries) => tries + 1)).WaitAsync(cancellationToken);
    }

    public Task<ProbeAnswer> ProbeAsync(LinkHost host, CancellationToken cancellationToken) => Task.FromResult(ProbeAnswer.Connected);

    public void ForgetMissingHosts(TimeSpan learnedWithin)
    {
    }
}
