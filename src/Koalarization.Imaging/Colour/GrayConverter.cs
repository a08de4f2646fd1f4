using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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

/// <summary>Gray with AVX2, sixteen pixels at a time; every operation is rounded by itself as in the scalar path.</summary>
internal static unsafe class GrayKernel
{
    private const int BlockPixels = 16;

    /// <summary>Converts whole blocks; gives the number of pixels done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Convert(ReadOnlySpan<byte> rgb, Span<byte> gray)
    {
        int pixels = gray.Length / BlockPixels * BlockPixels;
        fixed (byte* colours = rgb, grays = gray)
        {
            for (int first = 0; first < pixels; first += BlockPixels)
            {
                byte* from = colours + (3 * first);
                Vector128<byte> v0 = Vector128.Load(from);
                Vector128<byte> v1 = Vector128.Load(from + 16);
                Vector128<byte> v2 = Vector128.Load(from + 32);
                Mix(Reds(v0, v1, v2), Greens(v0, v1, v2), Blues(v0, v1, v2)).Store(grays + first);
            }
        }

        return pixels;
    }

    // Every third byte of 48; 255 puts a zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Reds(Vector128<byte> v0, Vector128<byte> v1, Vector128<byte> v2) =>
        Ssse3.Shuffle(v0, Vector128.Create(0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
        | Ssse3.Shuffle(v1, Vector128.Create(255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14, 255, 255, 255, 255, 255))
        | Ssse3.Shuffle(v2, Vector128.Create(255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 4, 7, 10, 13));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Greens(Vector128<byte> v0, Vector128<byte> v1, Vector128<byte> v2) =>
        Ssse3.Shuffle(v0, Vector128.Create(1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
        | Ssse3.Shuffle(v1, Vector128.Create(255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255))
        | Ssse3.Shuffle(v2, Vector128.Create(255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Blues(Vector128<byte> v0, Vector128<byte> v1, Vector128<byte> v2) =>
        Ssse3.Shuffle(v0, Vector128.Create(2, 5, 8, 11, 14, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
        | Ssse3.Shuffle(v1, Vector128.Create(255, 255, 255, 255, 255, 1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255))
        | Ssse3.Shuffle(v2, Vector128.Create(255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Mix(Vector128<byte> reds, Vector128<byte> greens, Vector128<byte> blues)
    {
        Vector256<int> lower = MixEight(reds, greens, blues);
        Vector256<int> upper = MixEight(
            Sse2.ShiftRightLogical128BitLane(reds, 8), Sse2.ShiftRightLogical128BitLane(greens, 8), Sse2.ShiftRightLogical128BitLane(blues, 8));
        Vector256<long> words = Avx2.Permute4x64(Avx2.PackUnsignedSaturate(lower, upper).AsInt64(), 0b11_01_10_00);
        return Sse2.PackUnsignedSaturate(words.GetLower().AsInt16(), words.GetUpper().AsInt16());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> MixEight(Vector128<byte> reds, Vector128<byte> greens, Vector128<byte> blues)
    {
        Vector256<float> red = GrayConverter.RedWeight * Scaled(reds);
        Vector256<float> green = GrayConverter.GreenWeight * Scaled(greens);
        Vector256<float> blue = GrayConverter.BlueWeight * Scaled(blues);
        return Avx.ConvertToVector256Int32WithTruncation(((red + green) + blue) * GrayConverter.GrayScale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scaled(Vector128<byte> bytes) =>
        Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(bytes)) * GrayConverter.ByteScale;
}
