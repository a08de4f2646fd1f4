namespace Koalarization.Imaging.Colour;

/// <summary>CIELAB as scikit-image computes it: double precision, rounded to float32 before the record's scaling.</summary>
internal static class ExactLab
{
    private const double WhiteX = 0.95047;
    private const double WhiteZ = 1.08883;

    /// <summary>sRGB's gamma undone: 0..1 to 0..1.</summary>
    public static double Linear(double c) => c > 0.04045 ? Math.Pow((c + 0.055) / 1.055, 2.4) : c / 12.92;

    /// <summary>The record's three floats of one colour, from linear light.</summary>
    public static (float Luminance, float A, float B) FromLinear(double red, double green, double blue)
    {
        double fx = Compress(((0.412453 * red) + (0.357580 * green) + (0.180423 * blue)) / WhiteX);
        double fy = Compress((0.212671 * red) + (0.715160 * green) + (0.072169 * blue));
        double fz = Compress(((0.019334 * red) + (0.119193 * green) + (0.950227 * blue)) / WhiteZ);
        float luminance = (float)((116 * fy) - 16);
        float a = (float)(500 * (fx - fy));
        float b = (float)(200 * (fy - fz));
        return ((2 * luminance / 100) - 1, a / 127, b / 127);
    }

    private static double Compress(double t) => t > 0.008856 ? Math.Cbrt(t) : (7.787 * t) + (16.0 / 116.0);
}
