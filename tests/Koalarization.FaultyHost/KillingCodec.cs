using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.FaultyHost;

/// <summary>A JPEG library with a fault: a picture that carries a certain text kills the process that decodes it.</summary>
internal sealed class KillingCodec(IJpegCodec sound) : IJpegCodec
{
    public string Name => sound.Name;

    public bool TryDecode(
        ReadOnlySpan<byte> jpeg, JpegDecodeOptions options, [NotNullWhen(true)] out Picture? picture, [NotNullWhen(false)] out PictureRefusal? refusal)
    {
        if (jpeg.IndexOf("this picture kills its decoder"u8) >= 0)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
        }

        return sound.TryDecode(jpeg, options, out picture, out refusal);
    }

    public int Encode(Picture rgb, int quality, IBufferWriter<byte> destination) => sound.Encode(rgb, quality, destination);
}
