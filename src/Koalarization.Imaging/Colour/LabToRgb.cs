namespace Koalarization.Imaging.Colour;

/// <summary>Rebuilds a picture from a record's luminance and colours: the way back of the Lab conversion (CIE 1976, D65, two-degree observer).</summary>
public static class LabToRgb
{
    /// <summary>Converts N pixels.</summary>
    /// <param name="luminance">[N] <c>2 L / 100 - 1</c>, in -1..1.</param>
    /// <param name="ab">[N, 2] <c>a / 127</c> and <c>b / 127</c>, interleaved.</param>
    /// <param name="rgb">Receives [N, 3] bytes; colours outside sRGB are clipped.</param>
    /// <exception cref="ArgumentException">The spans do not belong to one number of pixels.</exception>
    public static void Convert(ReadOnlySpan<float> luminance, ReadOnlySpan<float> ab, Span<byte> rgb)
    {
        if (ab.Length != 2 * luminance.Length || rgb.Length != 3 * luminance.Length)
        {
            throw new ArgumentException("For N luminances there are 2 N colours and 3 N bytes.", nameof(ab));
        }

        for (int i = 0; i < luminance.Length; i++)
        {
            double fy = (((luminance[i] + 1.0) * 50) + 16) / 116;
            double x = 0.95047 * Linear(fy + (ab[2 * i] * 127.0 / 500));
            double y = Linear(fy);
            double z = 1.08883 * Linear(fy - (ab[(2 * i) + 1] * 127.0 / 200));
            rgb[3 * i] = Gamma((3.24048134 * x) - (1.53715152 * y) - (0.49853633 * z));
            rgb[(3 * i) + 1] = Gamma((-0.96925495 * x) + (1.87599 * y) + (0.04155593 * z));
            rgb[(3 * i) + 2] = Gamma((0.05564664 * x) - (0.20404134 * y) + (1.05731107 * z));
        }
    }

    private static double Linear(double f) => f > 6.0 / 29 ? f * f * f : (f - (16.0 / 116)) / 7.787;

    private static byte Gamma(double linear)
    {
        double c = linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055;
        return (byte)Math.Clamp((c * 255) + 0.5, 0, 255);
    }
}
