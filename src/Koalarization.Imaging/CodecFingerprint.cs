using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Koalarization.Imaging.Fitting;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging;

/// <summary>
/// What a machine's JPEG library makes of a built-in set of pictures: two machines with the same fingerprint give the same pixels, files and
/// refusals, as far as this set shows.
/// </summary>
public static class CodecFingerprint
{
    private const string Folder = "Koalarization.Imaging.Jpeg.Fingerprint.";

    // A newer rule has a number of its own in job.json; the fingerprint of a library stays the same.
    private const PictureRule Rule = PictureRule.WithoutWarnings;

    private static readonly PictureSize Target = new(29, 29);

    /// <summary>
    /// SHA-256, as 64 lower-case hex digits, over every built-in picture, whole and damaged: its pixels by both DCTs in both colour modes,
    /// its resized file, or the kind of its refusal. Takes some milliseconds.
    /// </summary>
    public static string Compute(IJpegCodec codec)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var resizer = new PictureResizer(codec, Target, rule: Rule);
        foreach (byte[] jpeg in BuiltInPictures())
        {
            foreach (byte[] variant in (byte[][])[jpeg, CutOff(jpeg), WithBitsFlipped(jpeg), WithExtraneousBytes(jpeg)])
            {
                AddPixels(hash, codec, variant);
                AddFile(hash, resizer, variant);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<byte[]> BuiltInPictures() =>
        typeof(CodecFingerprint).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(Read);

    private static byte[] Read(string name)
    {
        using Stream stream = typeof(CodecFingerprint).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static void AddPixels(IncrementalHash hash, IJpegCodec codec, byte[] jpeg)
    {
        foreach (DctMethod dct in (DctMethod[])[DctMethod.Accurate, DctMethod.Fast])
        {
            foreach (JpegColour colour in (JpegColour[])[JpegColour.AsStored, JpegColour.Rgb])
            {
                if (codec.TryDecode(jpeg, new JpegDecodeOptions(dct, colour) { Rule = Rule }, out Picture? picture, out PictureRefusal? refusal))
                {
                    Add(hash, picture.Channels, picture.Pixels);
                    picture.Dispose();
                }
                else
                {
                    Add(hash, NumberOf(refusal.Fault), []);
                }
            }
        }
    }

    private static void AddFile(IncrementalHash hash, PictureResizer resizer, byte[] jpeg)
    {
        var file = new ArrayBufferWriter<byte>();
        int kind = resizer.TryResize(jpeg, file, out _, out PictureRefusal? refusal) ? 0 : NumberOf(refusal.Fault);
        Add(hash, kind, file.WrittenSpan);
    }

    // Every data set's job.json has a fingerprint: the numbers of its refusals never change, and a new fault gets a new one.
    private static int NumberOf(PictureFault fault) => fault switch
    {
        PictureFault.Empty => -1,
        PictureFault.NotJpeg => -2,
        PictureFault.Damaged => -3,
        PictureFault.TooManyPixels => -4,
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, message: null),
    };

    private static void Add(IncrementalHash hash, int kind, ReadOnlySpan<byte> bytes)
    {
        Span<byte> head = stackalloc byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(head, kind);
        BinaryPrimitives.WriteInt32LittleEndian(head[sizeof(int)..], bytes.Length);
        hash.AppendData(head);
        hash.AppendData(bytes);
    }

    private static byte[] CutOff(byte[] jpeg) => jpeg[..(jpeg.Length * 3 / 4)];

    // In the entropy-coded data, near its end.
    private static byte[] WithBitsFlipped(byte[] jpeg)
    {
        byte[] copy = [.. jpeg];
        copy[jpeg.Length * 7 / 8] ^= 0x5A;
        return copy;
    }

    private static byte[] WithExtraneousBytes(byte[] jpeg) => [.. jpeg.AsSpan(0, 20), 1, 2, 3, .. jpeg.AsSpan(20)];
}
