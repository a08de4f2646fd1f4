using System.Runtime.CompilerServices;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Fitting;

/// <summary>Pillow's NEAREST: each target pixel takes one source pixel.</summary>
internal static class NearestResampler
{
    /// <summary>A new picture of the wanted size; the source stays as it is.</summary>
    public static Picture Resize(Picture source, PictureSize size)
    {
        int[] columns = SourcePositions(source.Width, size.Width);
        int[] rows = SourcePositions(source.Height, size.Height);
        Picture target = Picture.Rent(size.Width, size.Height, source.Channels);
        for (int y = 0; y < size.Height; y++)
        {
            if (y > 0 && rows[y] == rows[y - 1])
            {
                target.Row(y - 1).CopyTo(target.Row(y));
            }
            else
            {
                Spread(source.Row(rows[y]), columns, source.Channels, target.Row(y));
            }
        }

        return target;
    }

    // The position is accumulated, not computed again: its rounding drifts, and the pixels chosen depend on that.
    private static int[] SourcePositions(int source, int target)
    {
        var positions = new int[target];
        double step = (double)source / target;
        double position = step * 0.5;
        for (int i = 0; i < target; i++)
        {
            positions[i] = (int)position;
            position += step;
        }

        return positions;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread(ReadOnlySpan<byte> from, int[] columns, int channels, Span<byte> to)
    {
        int o = 0;
        foreach (int column in columns)
        {
            ReadOnlySpan<byte> pixel = from.Slice(column * channels, channels);
            foreach (byte value in pixel)
            {
                to[o++] = value;
            }
        }
    }
}
