using System.Buffers;
using System.Collections.Concurrent;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Fitting;

/// <summary>
/// Pillow's LANCZOS to the bit: the width first, 8 bits between the passes, a pass whose size stays is left out. Thread-safe.
/// </summary>
internal sealed class LanczosResampler(ILanczosKernel kernel)
{
    private readonly LanczosTables _tables = new();

    /// <summary>A new picture of the wanted size; the source stays as it is.</summary>
    public unsafe Picture Resize(Picture source, PictureSize size)
    {
        Picture target = Picture.Rent(size.Width, size.Height, source.Channels);

        // At least one byte between rows: the horizontal pass writes one behind a row's end after it wrote the row below.
        int strideBytes = ((target.RowBytes / Picture.SlackBytes) + 1) * Picture.SlackBytes;
        int tileRows = PairTile.RowsFor(source.Channels);
        int paddedRows = (source.Height + tileRows - 1) / tileRows * tileRows;
        byte[] between = size.Width == source.Width ? [] : ArrayPool<byte>.Shared.Rent((paddedRows * strideBytes) + Picture.SlackBytes);
        fixed (byte* sourcePixels = source.PixelsWithSlack, targetPixels = target.PixelsWithSlack, betweenPixels = between)
        {
            var rows = new PixelRows(sourcePixels, source.Height, source.RowBytes, source.RowBytes);
            if (size.Width != source.Width)
            {
                var narrowed = new PixelRows(betweenPixels, source.Height, target.RowBytes, strideBytes);
                kernel.Horizontal(rows, source.Channels, _tables.Get(source.Width, size.Width), narrowed);
                rows = narrowed;
            }

            var result = new PixelRows(targetPixels, size.Height, target.RowBytes, target.RowBytes);
            if (size.Height != source.Height)
            {
                kernel.Vertical(rows, _tables.Get(source.Height, size.Height), result);
            }
            else
            {
                Copy(rows, result);
            }
        }

        if (between.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(between);
        }

        return target;
    }

    private static void Copy(in PixelRows from, in PixelRows to)
    {
        for (int y = 0; y < to.Rows; y++)
        {
            from.Row(y).CopyTo(to.Row(y));
        }
    }

    /// <summary>Remembers the weights of sizes seen before; thread-safe, bounded.</summary>
    private sealed class LanczosTables
    {
        // About 20 kB each when reducing to 299; most pictures of a set share a few sizes.
        private const int MaxTables = 512;

        private readonly ConcurrentDictionary<(int Source, int Target), LanczosTable> _tables = new();

        public LanczosTable Get(int source, int target)
        {
            if (_tables.TryGetValue((source, target), out LanczosTable? table))
            {
                return table;
            }

            if (_tables.Count >= MaxTables)
            {
                _tables.Clear();
            }

            return _tables.GetOrAdd((source, target), static sizes => new LanczosTable(sizes.Source, sizes.Target));
        }
    }
}
