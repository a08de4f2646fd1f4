using Koalarization.Records.Examples;
using Koalarization.Records.Framing;

namespace Koalarization.Integration;

/// <summary>The records that the original program writes for the same pictures and the same checkpoint.</summary>
public sealed class UpstreamRecordsTests : IDisposable
{
    private const double Tolerance = 1e-4;

    private static readonly string[] ThreePictures = ["noise_301x517", "coins_120x95_gray_enlarged", "coffee_500x375"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TurboJpegFact]
    public async Task Lab_batch_compatible_with_the_original_code_gives_its_224_pixel_features()
    {
        IReadOnlyDictionary<string, LabRecord> ours = await LabBatchAsync(ThreePictures, "-b", "2", "--compat", "original");
        IReadOnlyDictionary<string, LabRecord> upstream = Read(
            Golden.PathOf("records/upstream_224_lab_images_0.tfrecord"), Golden.PathOf("records/upstream_224_lab_images_1.tfrecord"));

        Assert.Equal(upstream.Keys.Order(StringComparer.Ordinal), ours.Keys.Order(StringComparer.Ordinal));
        Assert.All(upstream, picture => AssertSameFeatures(picture.Value, ours[picture.Key]));
    }

    [TurboJpegFact]
    public async Task Lab_batch_gives_the_documented_299_pixel_features()
    {
        IReadOnlyDictionary<string, LabRecord> ours = await LabBatchAsync(["coffee_500x375"], "-b", "2");
        IReadOnlyDictionary<string, LabRecord> upstream = Read(Golden.PathOf("records/docs_299_lab_images_0.tfrecord"));

        LabRecord expected = Assert.Single(upstream).Value;
        LabRecord actual = Assert.Single(ours).Value;
        Assert.Equal(expected.Name, actual.Name);
        AssertSameFeatures(expected, actual);
    }

    private static void AssertSameFeatures(LabRecord expected, LabRecord actual)
    {
        Assert.Equal(expected.Size, actual.Size);
        AssertClose(expected.Luminance, actual.Luminance);
        AssertClose(expected.Ab, actual.Ab);
        AssertClose(expected.Embedding, actual.Embedding);
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double furthest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            furthest = Math.Max(furthest, Math.Abs(expected[i] - actual[i]));
        }

        Assert.InRange(furthest, 0, Tolerance);
    }

    private static Dictionary<string, LabRecord> Read(params string[] files)
    {
        var pictures = new Dictionary<string, LabRecord>(StringComparer.Ordinal);
        foreach (string file in files)
        {
            using TFRecordReader reader = TFRecordReader.Open(file);
            while (reader.TryRead(out ReadOnlyMemory<byte> record))
            {
                LabRecord picture = LabRecord.Parse(record.ToArray());
                pictures.Add(picture.Name, picture);
            }
        }

        return pictures;
    }

    private async Task<IReadOnlyDictionary<string, LabRecord>> LabBatchAsync(string[] pictures, params string[] options)
    {
        Directory.CreateDirectory(_folder["data/resized"]);
        foreach (string picture in pictures)
        {
            File.Copy(Golden.PathOf($"resized_299x299/files/{picture}.jpeg"), _folder[$"data/resized/{picture}.jpeg"]);
        }

        string checkpoint = Golden.Unpacked("checkpoints/full_v1.ckpt");
        KoalaRun run = await KoalaProcess.RunAsync(
            _folder.Path, ["lab-batch", "data/resized", "data/tfrecords", "-c", checkpoint, "--json", .. options]);
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        return Read(Directory.GetFiles(_folder["data/tfrecords"], "*.tfrecord"));
    }
}
