using System.Runtime.Intrinsics.X86;

namespace Koalarization.Imaging.Colour;

/// <summary>RGB to gray as <c>tf.image.rgb_to_grayscale</c> gives it for bytes.</summary>
public static class GrayConverter
{
    internal const float RedWeight = 0.2989f;
    internal const float GreenWeight = 0.587f;
    internal const float BlueWeight = 0.114f;
    internal const float ByteScale = 1f / 255f;
    internal const float GrayScale = 255.5f;

    /// <summary>
    /// In float32 <c>v = (0.2989 (R k) + 0.587 (G k)) + 0.114 (B k)</c> with k = 1/255, then the byte <c>truncate(255.5 v)</c>; the same
    /// bytes on every machine.
    /// </summary>
    /// <param name="rgb">Interleaved, three bytes a pixel.</param>
    /// <param name="gray">One byte a pixel, as many pixels.</param>
    public static void Convert(ReadOnlySpan<byte> rgb, Span<byte> gray)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.Length, 3L * gray.Length, nameof(rgb));
        int done = Avx2.IsSupported ? GrayKernel.Convert(rgb, gray) : 0;
        ConvertScalar(rgb[(3 * done)..], gray[done..]);
    }

    internal static void ConvertScalar(ReadOnlySpan<byte> rgb, Span<byte> gray)
    {
        for (int i = 0, o = 0; o < gray.Length; i += 3, o++)
        {
            float red = RedWeight * (rgb[i] * ByteScale);
            float green = GreenWeight * (rgb[i + 1] * ByteScale);
            float blue = BlueWeight * (rgb[i + 2] * ByteScale);
            gray[o] = (byte)(((red + green) + blue) * GrayScale);
        }
    }
}
