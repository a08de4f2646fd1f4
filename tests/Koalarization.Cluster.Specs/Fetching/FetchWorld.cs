using System.Collections.Concurrent;
using Akka.Actor;
using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Outages;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Specs.Fetching;

/// <summary>A data set with one round on disk, a web, and what fetch nodes of it are made of.</summary>
internal sealed class FetchWorld : INodeListener, IDisposable
{
    public const string Config = """
        akka.loglevel = WARNING
        akka.log-dead-letters = off
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        koala.resize-dispatcher {
          type = ForkJoinDispatcher
          throughput = 1
          dedicated-thread-pool { thread-count = 2 }
        }
        """;

    public const string Data = "set";

    public static readonly JobId Job = new("set");

    private readonly TemporaryFolder _folder = new();
    private readonly List<NodeStores> _stores = [];
    private readonly ConcurrentDictionary<string, int> _ended = new();

    public FetchWorld(params IEnumerable<string> urls)
    {
        Directory.CreateDirectory(_folder[Data]);
        var stores = new NodeStores(_folder.Path, new NodeOwner(OwnerScratch.NewName()));
        FileDataStore store = stores.ToWrite(Data, 1);
        PlannedLink[] links = [.. urls.Select((url, i) => new PlannedLink($"{i:D6}", url, null))];
        new JobParameters
        {
            Source = "links.txt",
            IsFolder = false,
            Skip = 0,
            Count = null,
            Links = links.Length,
            LinksSha256 = "",
            Width = 8,
            Height = 8,
            CodecFingerprint = "fake",
            FansOut = false,
            ImageNamePrefix = "",
        }.Fix(store);
        Plan = RoundPlan.Write(store, 1, links);
        RoundFiles.Open(store, new RoundOpened(1, links.Length, Plan.Slices));
        stores.Dispose();
        Store = new FileDataStore(_folder[Data]);
    }

    public FileDataStore Store { get; }

    public RoundPlan Plan { get; }

    public FakeWeb Web { get; } = new();

    public FakeCodec Codec { get; } = new();

    public LogRecorder Log { get; } = new();

    /// <summary>What was said of fetching as a whole.</summary>
    public ConcurrentQueue<OutageNotice> Notices { get; } = new();

    /// <summary>How often each link ended.</summary>
    public IReadOnlyDictionary<string, int> Ended => _ended;

    /// <summary>Called when a link ended, before it counts.</summary>
    public Action OnLinkEnded { get; set; } = () => { };

    /// <summary>The slices that are marked as being worked on, by their files.</summary>
    public IReadOnlyList<string> Marks() => [.. Directory.EnumerateFiles(_folder[Data], "slice-*", SearchOption.AllDirectories)
        .Where(path => path.Contains($"{Path.DirectorySeparatorChar}tmp{Path.DirectorySeparatorChar}", StringComparison.Ordinal))];

    /// <summary>The rows that are committed.</summary>
    public IReadOnlyList<LinkRow> Rows(int slice = 0) => SliceManifest.Read(Store, DataLayout.Slice(1, slice)).Rows;

    public NodeServices Node(DownloadOptions? downloadOptions = null, bool isAlone = true)
    {
        var stores = new NodeStores(_folder.Path, new NodeOwner(OwnerScratch.NewName()));
        _stores.Add(stores);
        return new NodeServices
        {
            Stores = stores,
            Codec = Codec,
            CodecFingerprint = "fake",
            MaxPixels = 1_000_000,
            Epochs = new EpochGuard((_, _) => true),
            FetcherInUse = Web,
            DownloadOptions = downloadOptions ?? new DownloadOptions(),
            Cores = 2,
            IsAlone = isAlone,
            Listener = this,
            Loggers = Log,
        };
    }

    public static FetchProtocol.SliceLeased Lease(int slice = 0, long epoch = 1, params FetchProtocol.EndedLink[] ended) => new()
    {
        Slice = Slice(slice),
        Epoch = epoch,
        Data = Data,
        Until = JobEnd.Records,
        IsSandboxed = false,
        Ended = ended,
    };

    public byte[] Read(string name)
    {
        using Stream file = Store.Open(name);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    public static SliceId Slice(int slice = 0) => new(Job, 1, slice);

    public static Props NodeProps(NodeServices parts, IActorRef coordinator) =>
        Props.Create(() => new FetchNodeActor(parts, coordinator, TimeSpan.FromSeconds(1)));

    public void LinkEnded(PlannedLink link, LinkRow row)
    {
        OnLinkEnded();
        _ended.AddOrUpdate(link.Name, 1, (_, times) => times + 1);
    }

    public void OutageNoticed(OutageNotice notice) => Notices.Enqueue(notice);

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        _folder.Dispose();
    }
}
