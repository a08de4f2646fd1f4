using System.Security.Cryptography;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Tests;

/// <summary>Rows of golden lists, and hashes to compare them with.</summary>
internal static class GoldenPictures
{
    /// <summary>The rows of a list with a header, split at commas.</summary>
    public static IEnumerable<string[]> Rows(string name) => Golden.Lines(name).Skip(1).Where(line => line.Length > 0).Select(line => line.Split(','));

    public static byte[] Picture(string name) => Golden.Bytes($"pictures/{name}.jpeg");

    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static Picture Decode(IJpegCodec codec, ReadOnlySpan<byte> jpeg, JpegDecodeOptions options)
    {
        Assert.True(codec.TryDecode(jpeg, options, out Picture? picture, out PictureRefusal? refusal), refusal?.Detail);
        return picture;
    }
}
