using System.Runtime.CompilerServices;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Colour;

/// <summary>CMYK pixels to RGB, in the two ways of the original: Pillow's when resizing, TensorFlow's when decoding for records.</summary>
internal static class CmykConverter
{
    /// <summary>
    /// As <c>tf.image.decode_jpeg(channels=3)</c>: with an Adobe marker <c>k * c / 255</c>, without <c>(255 - k) * (255 - c) / 255</c>, in
    /// integers. The four-channel picture is given back to the pool.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Picture ToRgb(Picture cmyk, bool adobe)
    {
        Picture rgb = Picture.Rent(cmyk.Width, cmyk.Height, 3);
        ReadOnlySpan<byte> from = cmyk.Pixels;
        Span<byte> to = rgb.Pixels;
        int flip = adobe ? 0 : 255;
        for (int i = 0, o = 0; o < to.Length; i += 4, o += 3)
        {
            int k = from[i + 3] ^ flip;
            to[o] = (byte)((from[i] ^ flip) * k / 255);
            to[o + 1] = (byte)((from[i + 1] ^ flip) * k / 255);
            to[o + 2] = (byte)((from[i + 2] ^ flip) * k / 255);
        }

        cmyk.Dispose();
        return rgb;
    }

    /// <summary>Each byte becomes 255 minus it: Pillow takes every four-channel JPEG for Adobe's inverted one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Invert(Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)~bytes[i];
        }
    }

    /// <summary>Pillow's conversion: R = 255 - C - K, not below 0; G and B likewise.</summary>
    /// <param name="cmyk">Four bytes a pixel.</param>
    /// <param name="rgb">Three bytes a pixel, as many pixels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToRgbAsPillow(ReadOnlySpan<byte> cmyk, Span<byte> rgb)
    {
        for (int i = 0, o = 0; i < cmyk.Length; i += 4, o += 3)
        {
            int rest = 255 - cmyk[i + 3];
            rgb[o] = (byte)Math.Max(rest - cmyk[i], 0);
            rgb[o + 1] = (byte)Math.Max(rest - cmyk[i + 1], 0);
            rgb[o + 2] = (byte)Math.Max(rest - cmyk[i + 2], 0);
        }
    }
}
