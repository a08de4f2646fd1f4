using Koalarization.Cluster.Embedding;
using Koalarization.Dataset.Storage;
using Koalarization.Harvest.Fetching;
using Koalarization.Imaging.Jpeg;
using Koalarization.Pipeline.Records;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Koalarization.Cluster.Hosting;

/// <summary>What the actors of one process are made of; a test replaces some.</summary>
public sealed record NodeServices
{
    /// <summary>The data sets.</summary>
    public required NodeStores Stores { get; init; }

    /// <summary>The JPEG library.</summary>
    public required IJpegCodec Codec { get; init; }

    /// <summary>What it makes of a known set of pictures.</summary>
    public required string CodecFingerprint { get; init; }

    /// <summary>Most pixels a picture's header may claim.</summary>
    public required long MaxPixels { get; init; }

    /// <summary>Tries links; null on a node that fetches nothing.</summary>
    public LinkFetcher? Fetcher { get; init; }

    /// <summary>How many links at once, how gently and how patiently.</summary>
    public DownloadOptions DownloadOptions { get; init; } = new();

    /// <summary>Whether the node takes no job that fetches from addresses that are not of the open web.</summary>
    public bool ForbidsPrivate { get; init; }

    /// <summary>Makes the devices, role embed only; it may take a while.</summary>
    public IReadOnlyList<Func<Task<IInferenceDevice>>> Devices { get; init; } = [];

    /// <summary>Pictures fitted at once.</summary>
    public int Cores { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Whether this process is the whole cluster, on a disk of its own: what it cannot read or write now no other node can, and it will not come by waiting.
    /// </summary>
    public bool IsAlone { get; init; }

    /// <summary>Is notified of events.</summary>
    public required INodeListener Listener { get; init; }

    /// <summary>The epochs that this process has seen.</summary>
    public EpochGuard Epochs
    {
        get => LazyInitializer.EnsureInitialized(ref field, () => new EpochGuard((data, epoch) => IsAlone || Stores.ToRead(data).SizeOf(DataLayout.Owner(epoch)) is not null));
        init;
    }

    /// <summary>What this process has done.</summary>
    public NodeActivity Activity { get; init; } = new();

    /// <summary>The program's version, for people.</summary>
    public string? Version { get; init; }

    /// <summary>The name of the device, role embed only.</summary>
    public string? Device { get; init; }

    /// <summary>The mark of the store's folder; null: unknown.</summary>
    public string? StoreMark { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the log goes.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>What the embedder decoded for the records that are written here.</summary>
    internal DecodedPictures Decoded { get; } = new();

    /// <summary>Tries links: <see cref="Fetcher"/>, unless a test has its own.</summary>
    internal ILinkFetcher? FetcherInUse
    {
        get => field ?? Fetcher;
        init;
    }
}
