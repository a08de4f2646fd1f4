using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Koalarization.Records.Compression;
using Koalarization.Records.Examples;
using Koalarization.Records.Framing;

namespace Koalarization.Records.Tests.Python;

public sealed class PythonReaderTests : IDisposable
{
    private const string PrintPictures = """
        import hashlib, sys
        for picture in read_pictures(sys.argv[1], check=True):
            hashes = [hashlib.sha256(picture[k].tobytes()).hexdigest().upper() for k in ("image_l", "image_ab", "image_embedding")]
            print(picture["image_name"], picture["image_l"].shape, picture["image_ab"].shape, *hashes)
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PythonFact]
    public void Reads_our_pictures_equal_in_every_compression()
    {
        List<string> expected = [];
        foreach (RecordCompression compression in Enum.GetValues<RecordCompression>())
        {
            string path = WritePictures(compression, out expected);
            Assert.Equal(expected, PythonReader.RunLines(PrintPictures, path));
        }

        Assert.Equal(3, expected.Count);
    }

    [PythonFact]
    public void Reads_the_originals_pictures_and_says_so()
    {
        (int exitCode, string output, string error) = PythonReader.RunScript(
            Golden.PathOf("records/upstream_224_lab_images_0.tfrecord"), "--check", "--names");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("data/resized/noise_301x517.jpeg: mean L ", output);
        Assert.Contains("2 pictures of 224 x 224, 1001 logits, compression none", output);
        Assert.Contains("checksums good", output);
    }

    [PythonFact]
    public void Finds_a_picture_by_its_offset()
    {
        string path = WritePictures(RecordCompression.None, out List<string> expected);
        string[] names = PythonReader.RunLines("import sys\nfor o in reversed(offsets(sys.argv[1])): print(read_picture(sys.argv[1], o)['image_name'])", path);
        Assert.Equal(expected.Select(line => line.Split(' ')[0]).Reverse(), names);
    }

    [PythonFact]
    public void Rebuilds_every_golden_colour_from_its_L_and_ab()
    {
        const string Program = """
            import sys
            rgb = np.fromfile(sys.argv[1], np.uint8).reshape(-1, 3)
            lab = np.fromfile(sys.argv[2], np.float32).reshape(-1, 3)
            print(len(rgb), int((to_rgb(lab[:, 0], lab[:, 1:]) != rgb).sum()))
            """;
        string[] lines = PythonReader.RunLines(Program, Golden.PathOf("lab/colours.u8"), Golden.PathOf("lab/colours_l_a_b.f32"));
        Assert.Equal(["32167 0"], lines);
    }

    [PythonFact]
    public void Checks_records_of_every_length()
    {
        string path = _folder["lengths.tfrecord"];
        var random = new Random(1);
        Write(path, RecordCompression.None, Enumerable.Range(0, 400).Select(i => RandomBytes(random, i < 300 ? 7 * i : 313 * i)));
        string[] lines = PythonReader.RunLines("import sys\nprint(sum(1 for _ in read_frames(sys.argv[1], check=True)))", path);
        Assert.Equal(["400"], lines);
    }

    [PythonFact]
    public void Says_which_record_is_damaged()
    {
        string path = WritePictures(RecordCompression.None, out _);
        byte[] good = File.ReadAllBytes(path);
        int second = good.Length / 3;

        byte[] flipped = [.. good];
        flipped[second + 100] ^= 0x20;
        AssertDamage(flipped, $"record at byte {second}: the data does not have its checksum");
        flipped = [.. good];
        flipped[second] ^= 0x20;
        AssertDamage(flipped, $"record at byte {second}: the length does not have its checksum");
        AssertDamage(good[..(second + 5)], $"record at byte {second}: the file ends within the record's header");
        AssertDamage(good[..(second + 20)], $"record at byte {second}: the file ends within the record");
    }

    [PythonFact]
    public void Says_what_is_wrong_with_a_compressed_file()
    {
        foreach (RecordCompression compression in (RecordCompression[])[RecordCompression.Gzip, RecordCompression.Zlib])
        {
            byte[] good = File.ReadAllBytes(WritePictures(compression, out _));
            AssertDamage(good[..^1], "stream is cut off");
            AssertDamage([.. good, 0], "bytes follow the end");
            good[^2] ^= 0x20;
            AssertDamage(good, "stream is damaged");
        }
    }

    private static byte[] RandomBytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Hash(ReadOnlySpan<float> floats) => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(floats)));

    private static void Write(string path, RecordCompression compression, IEnumerable<byte[]> records)
    {
        using FileStream file = File.Create(path);
        using var writer = new TFRecordWriter(file, compression);
        foreach (byte[] record in records)
        {
            writer.Append(record);
        }

        writer.Complete();
    }

    private string WritePictures(RecordCompression compression, out List<string> lines)
    {
        string path = _folder[$"{compression}.tfrecord"];
        List<byte[]> records = [];
        lines = [];
        var random = new Random(7);
        for (int i = 0; i < 3; i++)
        {
            var picture = new LabExampleBuffer(24, 1001);
            string name = string.Create(CultureInfo.InvariantCulture, $"data/resized/köala_{i}.jpeg");
            picture.Begin(Encoding.UTF8.GetBytes(name));
            random.NextBytes(MemoryMarshal.AsBytes(picture.Luminance));
            random.NextBytes(MemoryMarshal.AsBytes(picture.Ab));
            random.NextBytes(MemoryMarshal.AsBytes(picture.Embedding));
            records.Add(picture.Record.ToArray());
            lines.Add($"{name} (24, 24) (24, 24, 2) {Hash(picture.Luminance)} {Hash(picture.Ab)} {Hash(picture.Embedding)}");
        }

        Write(path, compression, records);
        return path;
    }

    private void AssertDamage(byte[] file, string sentence)
    {
        string path = _folder["damaged.tfrecord"];
        File.WriteAllBytes(path, file);
        (int exitCode, _, string error) = PythonReader.RunScript(path, "--check");
        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, error);
        Assert.DoesNotContain("Traceback", error);
    }
}
