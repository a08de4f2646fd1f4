using System.Runtime.Intrinsics.X86;
using Koalarization.Imaging.Colour.Lanes;
using Koalarization.Imaging.Rescaling;

namespace Koalarization.Imaging.Colour;

/// <summary>
/// RGB to the record's CIELAB floats (D65, 2 degrees, scikit-image's matrix and thresholds): luminance <c>2 L / 100 - 1</c>, in -1..1, and
/// <c>a / 127</c>, <c>b / 127</c>, about -1..1.
/// </summary>
public static class LabConverter
{
    private static readonly double[] ExactLinear = [.. Enumerable.Range(0, 256).Select(value => ExactLab.Linear(value / 255.0))];

    /// <summary>In float32, within 1e-5 of <see cref="ConvertExact(ReadOnlySpan{byte}, Span{float}, Span{float})"/>; the same bits on every machine.</summary>
    /// <param name="rgb">Interleaved, three bytes a pixel.</param>
    /// <param name="luminance">One float a pixel, as many pixels.</param>
    /// <param name="ab">Two floats a pixel, interleaved.</param>
    public static void Convert(ReadOnlySpan<byte> rgb, Span<float> luminance, Span<float> ab)
    {
        CheckLengths(rgb.Length, luminance.Length, ab.Length);
        int done = Avx512F.IsSupported ? FastLab.Convert<SixteenFloats>(rgb, luminance, ab)
            : Avx2.IsSupported && Fma.IsSupported ? FastLab.Convert<EightFloats>(rgb, luminance, ab)
            : 0;
        FastLab.Convert<OneFloat>(rgb[(3 * done)..], luminance[done..], ab[(2 * done)..]);
    }

    /// <summary>In double precision, rounded to float32 last: the original's values.</summary>
    /// <param name="rgb">Interleaved, three bytes a pixel.</param>
    /// <param name="luminance">One float a pixel, as many pixels.</param>
    /// <param name="ab">Two floats a pixel, interleaved.</param>
    public static void ConvertExact(ReadOnlySpan<byte> rgb, Span<float> luminance, Span<float> ab)
    {
        CheckLengths(rgb.Length, luminance.Length, ab.Length);
        for (int pixel = 0; pixel < luminance.Length; pixel++)
        {
            ReadOnlySpan<byte> colour = rgb.Slice(3 * pixel, 3);
            (luminance[pixel], ab[2 * pixel], ab[(2 * pixel) + 1]) =
                ExactLab.FromLinear(ExactLinear[colour[0]], ExactLinear[colour[1]], ExactLinear[colour[2]]);
        }
    }

    /// <summary>The same for colours between bytes, as <see cref="BilinearRescaler"/> gives them.</summary>
    /// <param name="rgb01">Interleaved, three doubles a pixel in 0..1.</param>
    /// <param name="luminance">One float a pixel, as many pixels.</param>
    /// <param name="ab">Two floats a pixel, interleaved.</param>
    public static void ConvertExact(ReadOnlySpan<double> rgb01, Span<float> luminance, Span<float> ab)
    {
        CheckLengths(rgb01.Length, luminance.Length, ab.Length);
        for (int pixel = 0; pixel < luminance.Length; pixel++)
        {
            ReadOnlySpan<double> colour = rgb01.Slice(3 * pixel, 3);
            (luminance[pixel], ab[2 * pixel], ab[(2 * pixel) + 1]) =
                ExactLab.FromLinear(ExactLab.Linear(colour[0]), ExactLab.Linear(colour[1]), ExactLab.Linear(colour[2]));
        }
    }

    private static void CheckLengths(int rgb, int luminance, int ab)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb, 3L * luminance, nameof(rgb));
        ArgumentOutOfRangeException.ThrowIfNotEqual(ab, 2L * luminance, nameof(ab));
    }
}
