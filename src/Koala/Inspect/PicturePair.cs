using System.Buffers;
using Koalarization.Imaging.Colour;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;
using Koalarization.Records.Examples;

namespace Koalarization.Koala.Inspect;

/// <summary>A record's picture as two JPEG files: the input of the colouriser, and its target.</summary>
internal static class PicturePair
{
    private const int Quality = 88;

    public static (byte[] Gray, byte[] Colour) Rebuild(LabRecord record, IJpegCodec codec)
    {
        using Picture picture = Picture.Rent(record.Size, record.Size, 3);
        LabToRgb.Convert(record.Luminance, record.Ab, picture.Pixels);
        byte[] colour = Encode(picture, codec);
        LabToRgb.Convert(record.Luminance, new float[record.Ab.Length], picture.Pixels);
        return (Encode(picture, codec), colour);
    }

    private static byte[] Encode(Picture picture, IJpegCodec codec)
    {
        var bytes = new ArrayBufferWriter<byte>();
        codec.Encode(picture, Quality, bytes);
        return bytes.WrittenSpan.ToArray();
    }
}
