using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Rescaling;

/// <summary>
/// scikit-image 0.13's <c>resize</c> with its defaults: bilinear without smoothing, what lies outside the picture is 0. The original runs
/// its pictures through it to 224 x 224.
/// </summary>
public static class BilinearRescaler
{
    /// <summary>Rescales a picture to a square.</summary>
    /// <param name="rgb">Three channels.</param>
    /// <param name="size">Width and height of the result.</param>
    /// <param name="destination">[size, size, 3] doubles in 0..1, channels interleaved.</param>
    public static void Rescale(Picture rgb, int size, Span<double> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.Channels, 3, nameof(rgb));
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, 3L * size * size, nameof(destination));
        Neighbours[] rows = Between(rgb.Height, size);
        Neighbours[] columns = Between(rgb.Width, size);
        ReadOnlySpan<byte> pixels = rgb.Pixels;
        int o = 0;
        foreach (Neighbours row in rows)
        {
            foreach (Neighbours column in columns)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    double above = Mix(Sample(pixels, rgb, row.First, column.First, channel), Sample(pixels, rgb, row.First, column.Second, channel), column.Fraction);
                    double below = Mix(Sample(pixels, rgb, row.Second, column.First, channel), Sample(pixels, rgb, row.Second, column.Second, channel), column.Fraction);
                    destination[o++] = Mix(above, below, row.Fraction);
                }
            }
        }
    }

    private static Neighbours[] Between(int source, int target)
    {
        var neighbours = new Neighbours[target];
        double scale = (double)source / target;
        for (int i = 0; i < target; i++)
        {
            double position = ((i + 0.5) * scale) - 0.5;
            double floor = Math.Floor(position);
            neighbours[i] = new Neighbours((int)floor, (int)Math.Ceiling(position), position - floor);
        }

        return neighbours;
    }

    private static double Sample(ReadOnlySpan<byte> pixels, Picture picture, int row, int column, int channel) =>
        (uint)row < (uint)picture.Height && (uint)column < (uint)picture.Width
            ? pixels[(((row * picture.Width) + column) * 3) + channel] / 255.0
            : 0;

    private static double Mix(double first, double second, double fraction) => ((1 - fraction) * first) + (fraction * second);

    private readonly record struct Neighbours(int First, int Second, double Fraction);
}
