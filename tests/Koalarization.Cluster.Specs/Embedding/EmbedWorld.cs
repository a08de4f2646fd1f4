using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Embedding;
using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Specs.Fetching;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Storage;
using static Koalarization.Cluster.Embedding.EmbedProtocol;

namespace Koalarization.Cluster.Specs.Embedding;

/// <summary>A data set with resized pictures, and what embed nodes are made of.</summary>
internal sealed class EmbedWorld : INodeListener, IDisposable
{
    public const string Config = """
        akka.loglevel = WARNING
        koala.embed-dispatcher {
          type = ForkJoinDispatcher
          throughput = 1
          dedicated-thread-pool { thread-count = 2 }
        }
        """;

    public const string Data = "set";

    public static readonly EmbedKey Key = new("fake", "fp32", "uniform");

    private readonly TemporaryFolder _folder = new();
    private readonly List<NodeStores> _stores = [];

    public EmbedWorld() => Directory.CreateDirectory(Path.Combine(_folder.Path, Data, DataLayout.Resized));

    public UniformCodec Codec { get; } = new();

    public LogRecorder Log { get; } = new();

    /// <summary>A picture's logits in an answer, as <see cref="FakeDevice"/> makes them.</summary>
    public static (float Number, float Gray) LogitsOf(ReadOnlyMemory<byte> logits, int place)
    {
        ReadOnlySpan<float> floats = MemoryMarshal.Cast<byte, float>(logits.Span).Slice(place * EmbedProtocol.Logits, EmbedProtocol.Logits);
        return (floats[0], floats[^1]);
    }

    public static int NumberOf(string name) => int.Parse(Path.GetFileNameWithoutExtension(name), CultureInfo.InvariantCulture);

    /// <summary>The gray of the picture with a number.</summary>
    public static byte GrayOf(int number) => (byte)(number % 251);

    public string PathOf(string name) => Path.Combine(_folder.Path, Data, DataLayout.Resized, name);

    /// <summary>Pictures with consecutive numbers.</summary>
    public ImageReference[] Pictures(int first, int count) => [.. Enumerable.Range(first, count).Select(number => Picture(number, UniformCodec.FileOf(GrayOf(number))))];

    public ImageReference Damaged(int number) => Picture(number, UniformCodec.DamagedFile);

    public static ImageReference Absent(int number) => new($"{number}.jpeg", new string('0', 64));

    public EmbedForRecord Ask(int first, int count) => new(Key, Data, FansOut: false, Pictures(first, count));

    public NodeServices Node(params IInferenceDevice[] devices) => Node([.. devices.Select(device => (Func<Task<IInferenceDevice>>)(() => Task.FromResult(device)))]);

    public NodeServices Node(IReadOnlyList<Func<Task<IInferenceDevice>>> devices)
    {
        var stores = new NodeStores(_folder.Path, new NodeOwner(OwnerScratch.NewName()));
        _stores.Add(stores);
        return new NodeServices
        {
            Stores = stores,
            Codec = Codec,
            CodecFingerprint = "uniform",
            MaxPixels = 1_000_000,
            Devices = devices,
            Listener = this,
            Loggers = Log,
        };
    }

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        _folder.Dispose();
    }

    private ImageReference Picture(int number, byte[] file)
    {
        string name = $"{number}.jpeg";
        File.WriteAllBytes(PathOf(name), file);
        return new ImageReference(name, Convert.ToHexStringLower(SHA256.HashData(file)));
    }
}
