using System.Security.Cryptography;
using Koalarization.Cluster.Wire;
using Koalarization.Cluster.Writing;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Imaging;
using Koalarization.Imaging.Jpeg;
using Koalarization.Pipeline.Jobs;
using Koalarization.Records.Examples;
using Koalarization.Records.Framing;

namespace Koalarization.Cluster.Specs.Writing;

/// <summary>A store with one data set, <c>set</c>, whose pictures are resized and whose slices are resolved: ready for records.</summary>
internal sealed class SampleSet : IDisposable
{
    public const string Data = "set";
    public const string Prefix = "set/resized/";

    // More than one group of pictures that are asked for together.
    public const int Pictures = 40;
    private const int PicturesOfASlice = 25;
    private const string Owner = "sample-owner";

    private readonly TemporaryFolder _folder = new();

    public SampleSet()
    {
        Directory.CreateDirectory(Path);
        var store = new FileDataStore(Path, OwnerScratch.Of(1, Owner));
        Job.Fix(store);
        Network.Fix(store);
        Directory.CreateDirectory(PathOf(DataLayout.Resized));
        string[] samples = Directory.GetFiles(Golden.PathOf("resized_299x299/files")).Order(StringComparer.Ordinal).ToArray();
        LinkRow[] rows = [.. Enumerable.Range(0, Pictures).Select(i => AddPicture(i, File.ReadAllBytes(samples[i % samples.Length])))];
        Rows = rows;
        PublishSlices(store);
        store.Close();
        OwnerScratch.RemoveOwn(store, 1, Owner);
    }

    public static JobParameters Job { get; } = new()
    {
        Source = "urls.txt",
        IsFolder = false,
        Skip = 0,
        Count = null,
        Links = Pictures,
        LinksSha256 = "",
        Width = 299,
        Height = 299,
        CodecFingerprint = CodecFingerprint.Compute(JpegCodecs.Default),
        FansOut = false,
        ImageNamePrefix = Prefix,
    };

    public static NetworkParameters Network { get; } = new()
    {
        Checkpoint = "simulated",
        Weights = "simulated",
        Precision = "fp32",
        Compatibility = "none",
        Compression = "none",
        PicturesPerRecord = 500,
    };

    public static JobId JobId { get; } = new(Data);

    public string Root => _folder.Path;

    public string Path => _folder[Data];

    public IReadOnlyList<LinkRow> Rows { get; private set; }

    public string Record(int record) => PathOf($"tfrecords/lab_images_{record}.tfrecord");

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public string PictureOf(int place) => PathOf($"{DataLayout.Resized}/{Rows[place].Name}");

    /// <summary>Writing the whole set as one record.</summary>
    public static WriteProtocol.WriteRecord Write(int record = 0, long epoch = 1) => new(new RecordId(JobId, record), epoch, Data, Round: 1, FirstSlice: 0, LastSlice: 1, Offset: 0, Pictures);

    public FileDataStore Store() => new(Path);

    /// <summary>Replaces a picture, and its row.</summary>
    public void Replace(int place, byte[] jpeg)
    {
        LinkRow row = Rows[place];
        File.WriteAllBytes(PictureOf(place), jpeg);
        List<LinkRow> rows = [.. Rows];
        rows[place] = row with { Resized = new FileFacts(jpeg.Length, Convert.ToHexStringLower(SHA256.HashData(jpeg))) };
        Rows = rows;
        Directory.Delete(PathOf(DataLayout.SliceFolder(1)), recursive: true);
        var store = new FileDataStore(Path, OwnerScratch.Of(1, Owner));
        PublishSlices(store);
        store.Close();
        OwnerScratch.RemoveOwn(store, 1, Owner);
    }

    public IReadOnlyList<(string Name, float FirstLogit, float LastLogit)> ReadRecord(int record)
    {
        using FileStream file = File.OpenRead(Record(record));
        using var reader = new TFRecordReader(file, "record");
        List<(string, float, float)> pictures = [];
        while (reader.TryRead(out ReadOnlyMemory<byte> bytes))
        {
            LabRecord picture = LabRecord.Parse(bytes);
            pictures.Add((picture.Name, picture.Embedding[0], picture.Embedding[^1]));
        }

        return pictures;
    }

    /// <summary>All files of the set that are no pictures, state of rounds or jobs.</summary>
    public string[] RecordFiles() =>
    [
        .. Directory.GetFiles(Path, "*", SearchOption.AllDirectories).Select(file => System.IO.Path.GetRelativePath(Path, file))
            .Where(name => name.StartsWith("tfrecords/", StringComparison.Ordinal) || name.StartsWith(".koala/records/", StringComparison.Ordinal) || name.StartsWith(".koala/tmp/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    public void Dispose() => _folder.Dispose();

    private LinkRow AddPicture(int number, byte[] jpeg)
    {
        string name = $"{number:D4}.jpeg";
        File.WriteAllBytes(PathOf($"{DataLayout.Resized}/{name}"), jpeg);
        var facts = new FileFacts(jpeg.Length, Convert.ToHexStringLower(SHA256.HashData(jpeg)));
        return new LinkRow(name, LinkRow.Kept, Detail: null, Tries: 1, new OriginalFacts(facts.Bytes, facts.Sha256, 299, 299), facts);
    }

    // Links without a picture are between those that have one.
    private void PublishSlices(FileDataStore store)
    {
        foreach ((LinkRow[] rows, int slice) in Rows.Chunk(PicturesOfASlice).Select((rows, slice) => (rows, slice)))
        {
            LinkRow[] all = [new LinkRow($"lost{slice}.jpeg", "not_found", "404", 1, Original: null, Resized: null), .. rows];
            SliceManifest.Publish(store, DataLayout.Slice(1, slice), 1, slice, all);
        }
    }
}
