namespace Koalarization.Imaging;

/// <summary>RGB to gray as <c>tf.image.rgb_to_grayscale</c> gives it for bytes, and gray to RGB.</summary>
public static class GrayConverter
{
    private const float RedWeight = 0.2989f;
    private const float GreenWeight = 0.587f;
    private const float BlueWeight = 0.114f;

    /// <summary>
    /// In float32 <c>v = (0.2989 (R k) + 0.587 (G k)) + 0.114 (B k)</c> with k = 1/255, then the byte <c>truncate(255.5 v)</c>.
    /// </summary>
    /// <param name="rgb">Interleaved, three bytes a pixel.</param>
    /// <param name="gray">One byte a pixel, as many pixels.</param>
    public static void Convert(ReadOnlySpan<byte> rgb, Span<byte> gray)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.Length, 3L * gray.Length, nameof(rgb));
        ConvertScalar(rgb, gray);
    }

    internal static void ConvertScalar(ReadOnlySpan<byte> rgb, Span<byte> gray)
    {
        const float scale = 1f / 255f;
        for (int i = 0, o = 0; o < gray.Length; i += 3, o++)
        {
            float v = ((RedWeight * (rgb[i] * scale)) + (GreenWeight * (rgb[i + 1] * scale))) + (BlueWeight * (rgb[i + 2] * scale));
            gray[o] = (byte)(v * 255.5f);
        }
    }

    /// <summary>Each byte three times.</summary>
    internal static void Repeat(ReadOnlySpan<byte> gray, Span<byte> rgb)
    {
        for (int i = 0, o = 0; i < gray.Length; i++, o += 3)
        {
            byte value = gray[i];
            rgb[o] = value;
            rgb[o + 1] = value;
            rgb[o + 2] = value;
        }
    }
}
