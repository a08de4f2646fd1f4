using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Koalarization.Dataset.Composition;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Cluster.Specs.Embedding;

/// <summary>A JPEG library that makes a picture of a record's size of each file, all of its pixels the file's second byte; a file that begins otherwise is damaged.</summary>
internal sealed class UniformCodec : IJpegCodec
{
    public string Name => "uniform";

    /// <summary>Called before a picture is decoded.</summary>
    public Action OnDecode { get; set; } = () => { };

    public static byte[] FileOf(byte gray) => [0xFF, gray];

    public static byte[] DamagedFile => [0, 0];

    public bool TryDecode(
        ReadOnlySpan<byte> jpeg, JpegDecodeOptions options, [NotNullWhen(true)] out Picture? picture, [NotNullWhen(false)] out PictureRefusal? refusal)
    {
        OnDecode();
        (picture, refusal) = (null, null);
        if (jpeg[0] != 0xFF)
        {
            refusal = new PictureRefusal(PictureFault.Damaged, "cut short");
            return false;
        }

        picture = Picture.Rent(PreparedPicture.Size, PreparedPicture.Size, 3);
        picture.Pixels.Fill(jpeg[1]);
        return true;
    }

    public int Encode(Picture rgb, int quality, IBufferWriter<byte> destination) => throw new NotSupportedException();
}
