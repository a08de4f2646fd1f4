using Akka.Actor;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Harvest.Links;

namespace Koalarization.Cluster.Fetching;

/// <summary>Fetches the links of one slice by a <see cref="DownloaderActor"/>. Thread-safe.</summary>
/// <param name="downloader">The downloader.</param>
/// <param name="source">Where hosts' limits come from.</param>
/// <param name="progress">Counts the links that wait.</param>
/// <param name="driver">Takes the links' steps; null: the downloader's own does.</param>
internal sealed class LinkFetchClient(IActorRef downloader, IHostLimitSource source, SliceProgress progress, FetchDriver? driver = null)
{
    /// <summary>Fetches a link until its outcome is final; the caller disposes it.</summary>
    /// <param name="link">The link.</param>
    /// <param name="cancellation">Cancels it; the call ends at once.</param>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellation"/> only.</exception>
    /// <exception cref="FetchingStoppedException">The downloader was stopped.</exception>
    public async Task<DownloadedLink> FetchAsync(Link link, CancellationToken cancellation)
    {
        IActorRef requester = ActorRefs.Nobody;
        Task<object> answer = downloader.Ask<object>(
            self =>
            {
                requester = self;
                return new LinkProtocol.FetchLink(link, source, progress, driver);
            },
            Timeout.InfiniteTimeSpan,
            CancellationToken.None);
        return await AnswerAsync(answer, requester, cancellation) switch
        {
            LinkProtocol.LinkFetched fetched => fetched.Link,
            LinkProtocol.LinkNotFetched failed => throw failed.Cause,
            var other => throw new InvalidOperationException($"An unexpected answer: {other}."),
        };
    }

    private async Task<object> AnswerAsync(Task<object> answer, IActorRef requester, CancellationToken cancellation)
    {
        try
        {
            return await answer.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            downloader.Tell(LinkProtocol.CancelFetch.Instance, requester);
            _ = DisposeAsync(answer);
            throw;
        }
    }

    /// <summary>Disposes an outcome that comes after its cancellation: no one else will.</summary>
    private static async Task DisposeAsync(Task<object> answer)
    {
        if (await answer is LinkProtocol.LinkFetched late)
        {
            late.Link.Dispose();
        }
    }
}
