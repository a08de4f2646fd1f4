using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Koalarization.Dataset.Composition;

/// <summary>What the colours of one picture come to.</summary>
/// <param name="Statistics">Of its pixels.</param>
/// <param name="Chroma">The mean of sqrt(a² + b²), to four significant digits: how colourful the picture is.</param>
public sealed record PictureColours(ColourStatistics Statistics, double Chroma)
{
    // Eight pixels at once on every machine: with more or fewer the sums would round in another order, and the numbers depend on the machine.
    private const int Lanes = 8;

    private const double LuminanceScale = 50;
    private const double AbScale = 127;

    /// <summary>Measures a picture as its record has it.</summary>
    /// <param name="luminance">2 L / 100 - 1 of each pixel.</param>
    /// <param name="ab">a / 127 and b / 127 of each pixel, interleaved.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static PictureColours Of(ReadOnlySpan<float> luminance, ReadOnlySpan<float> ab)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(ab.Length, 2L * luminance.Length, nameof(ab));
        Vector256<double> light = default, lightSquares = default, colour = default, colourSquares = default, chroma = default;
        int vectors = luminance.Length / Lanes;
        ReadOnlySpan<Vector256<float>> lights = MemoryMarshal.Cast<float, Vector256<float>>(luminance[..(vectors * Lanes)]);
        ReadOnlySpan<Vector256<float>> colours = MemoryMarshal.Cast<float, Vector256<float>>(ab[..(2 * vectors * Lanes)]);
        for (int i = 0; i < vectors; i++)
        {
            Vector256<double> lower = Vector256.WidenLower(lights[i]), upper = Vector256.WidenUpper(lights[i]);
            light += lower + upper;
            lightSquares += (lower * lower) + (upper * upper);
            for (int half = 0; half < 2; half++)
            {
                // a b a b ...: the sums' even lanes are a's, the odd ones b's; each pixel's chroma comes twice, side by side.
                Vector256<float> pairs = colours[(2 * i) + half], squares = pairs * pairs;
                Vector256<double> first = Vector256.WidenLower(pairs), second = Vector256.WidenUpper(pairs);
                colour += first + second;
                colourSquares += (first * first) + (second * second);
                Vector256<float> lengths = Vector256.Sqrt(squares + Vector256.Shuffle(squares, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6)));
                chroma += Vector256.WidenLower(lengths) + Vector256.WidenUpper(lengths);
            }
        }

        double sumL = Vector256.Sum(light), squareL = Vector256.Sum(lightSquares), sumChroma = Vector256.Sum(chroma) / 2;
        double sumA = colour[0] + colour[2], sumB = colour[1] + colour[3];
        double squareA = colourSquares[0] + colourSquares[2], squareB = colourSquares[1] + colourSquares[3];
        for (int i = vectors * Lanes; i < luminance.Length; i++)
        {
            double l = luminance[i], a = ab[2 * i], b = ab[(2 * i) + 1];
            sumL += l;
            squareL += l * l;
            sumA += a;
            squareA += a * a;
            sumB += b;
            squareB += b * b;
            sumChroma += Math.Sqrt((a * a) + (b * b));
        }

        // L = 50 (l + 1).
        double pixels = luminance.Length;
        var sums = new LabSums(LuminanceScale * (sumL + pixels), AbScale * sumA, AbScale * sumB);
        var squaresOf = new LabSums(
            LuminanceScale * LuminanceScale * (squareL + (2 * sumL) + pixels), AbScale * AbScale * squareA, AbScale * AbScale * squareB);
        return new PictureColours(
            new ColourStatistics(luminance.Length, sums, squaresOf), Rounded(pixels == 0 ? 0 : AbScale * sumChroma / pixels));
    }

    private static double Rounded(double value) =>
        double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
}
