using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Cluster.Specs.Fetching;

/// <summary>A JPEG library that takes whatever begins as a JPEG for a small picture of its own colour.</summary>
internal sealed class FakeCodec : IJpegCodec
{
    public string Name => "fake";

    /// <summary>Called before a picture is decoded.</summary>
    public Action<byte[]> OnDecode { get; set; } = _ => { };

    public static byte[] PictureOf(string text) => [0xFF, 0xD8, .. System.Text.Encoding.UTF8.GetBytes(text)];

    public bool TryDecode(
        ReadOnlySpan<byte> jpeg, JpegDecodeOptions options, [NotNullWhen(true)] out Picture? picture, [NotNullWhen(false)] out PictureRefusal? refusal)
    {
        OnDecode(jpeg.ToArray());
        (picture, refusal) = (null, null);
        if (jpeg.Length < 2 || jpeg[0] != 0xFF || jpeg[1] != 0xD8)
        {
            refusal = new PictureRefusal(PictureFault.NotJpeg, "text");
            return false;
        }

        picture = Picture.Rent(4, 4, 3);
        int sum = 0;
        foreach (byte one in jpeg)
        {
            sum = (sum * 31) + one;
        }

        picture.Pixels.Fill((byte)sum);
        return true;
    }

    public int Encode(Picture rgb, int quality, IBufferWriter<byte> destination)
    {
        destination.Write((byte[])[0xFF, 0xD8, .. rgb.Pixels]);
        return 2 + rgb.Pixels.Length;
    }
}
