using System.Globalization;
using Akka.Actor;
using Koalarization.Harvest;
using Microsoft.Extensions.Logging;

namespace Koalarization.Cluster;

/// <summary>What the slices of a fetch node share.</summary>
internal sealed record FetchParts
{
    /// <summary>Fetches links: <see cref="DownloaderActor"/>.</summary>
    public required IActorRef Downloader { get; init; }

    /// <summary>The rounds on disk.</summary>
    public required RoundsInWork Rounds { get; init; }

    /// <summary>Where the permits of the jobs' hosts come from.</summary>
    public required IHostPermitSource Permits { get; init; }

    /// <summary>Is told of links that end.</summary>
    public required INodeListener Listener { get; init; }

    /// <summary>Files that are read into memory at once: thousands of links are in work, and only as many files as keep the cores busy.</summary>
    public required SemaphoreSlim Files { get; init; }

    /// <summary>The log.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>Starts the node's downloader and one resizer for each core.</summary>
    public static FetchParts Start(
        IActorRefFactory context, NodeParts node, HarvestGate gate, ResizeQueue resizers, IHostPermitSource permits, ILogger logger)
    {
        IActorRef downloader = context.ActorOf(Props.Create(() => new DownloaderActor(node.Web!, gate, node.Harvest.Retry, logger)), "downloader");
        for (int i = 1; i <= node.Cores; i++)
        {
            context.ActorOf(
                Props.Create(() => new ResizerActor(resizers, logger)).WithDispatcher("koala.resize-dispatcher"),
                string.Create(CultureInfo.InvariantCulture, $"resizer-{i}"));
        }

        return new FetchParts
        {
            Downloader = downloader,
            Rounds = new RoundsInWork(node, resizers),
            Permits = permits,
            Listener = node.Listener,
            Files = LinkWorker.NewFiles(),
            Logger = logger,
        };
    }
}
