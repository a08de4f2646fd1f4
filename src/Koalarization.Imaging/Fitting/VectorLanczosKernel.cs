using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Koalarization.Imaging.Fitting;

/// <summary>LANCZOS by vector sums: rows as tiles for the horizontal pass, columns as they lie for the vertical one.</summary>
/// <remarks>
/// Compiled with full optimisation at once, like the other loops over pixels here: through the usual tiers the first hundred pictures would
/// take half as long again.
/// </remarks>
internal sealed unsafe class VectorLanczosKernel<TSums> : ILanczosKernel
    where TSums : struct, ILanczosSums
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Horizontal(in PixelRows source, int channels, LanczosTable table, in PixelRows target)
    {
        int[] buffer = ArrayPool<int>.Shared.Rent(PairTile.IntsFor(table.Source));
        int rows = PairTile.RowsFor(channels);
        fixed (int* tile = buffer, pairs = table.Pairs, runs = table.PairRuns)
        {
            for (int y = 0; y < target.Rows; y += rows)
            {
                PairTile.Fill(source, y, channels, table.Source, tile);
                byte* to = target.Start + ((nint)y * target.StrideBytes);
                int* weights = pairs;
                for (int x = 0; x < table.Target; x++)
                {
                    int count = runs[(2 * x) + 1];
                    Vector256<byte> pixel = TSums.SumLanes(tile + (runs[2 * x] * PairTile.Lanes), weights, count);
                    TileStore.Pixel(pixel, to, target.StrideBytes, channels, x);
                    weights += 2 * count;
                }
            }
        }

        ArrayPool<int>.Shared.Return(buffer);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Vertical(in PixelRows source, LanczosTable table, in PixelRows target)
    {
        fixed (int* pairs = table.Pairs, runs = table.PairRuns)
        {
            int* weights = pairs;
            for (int y = 0; y < table.Target; y++)
            {
                int firstRow = 2 * runs[2 * y];
                int count = runs[(2 * y) + 1];
                byte* to = target.Start + ((nint)y * target.StrideBytes);
                for (int x = 0; x < target.RowBytes; x += TSums.ColumnBytes)
                {
                    TSums.SumRows(source, x, firstRow, weights, count, to + x);
                }

                weights += 2 * count;
            }
        }
    }
}

/// <summary>Puts the 32 results of a tile's lanes where they belong: one pixel in each of the tile's rows.</summary>
internal static unsafe class TileStore
{
    /// <summary>
    /// Writes pixel <paramref name="x"/> of the tile's rows. With three channels a fourth byte is written too, which the next pixel, or the
    /// row's slack, takes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pixel(Vector256<byte> lanes, byte* firstRow, nint strideBytes, int channels, int x)
    {
        if (channels == 1)
        {
            byte* to = firstRow + x;
            for (int row = 0; row < PairTile.Lanes; row++)
            {
                *to = lanes.GetElement(row);
                to += strideBytes;
            }
        }
        else
        {
            byte* to = firstRow + (x * channels);
            Vector128<uint> upper = lanes.GetLower().AsUInt32();
            Vector128<uint> lower = lanes.GetUpper().AsUInt32();
            *(uint*)to = upper.GetElement(0);
            *(uint*)(to + strideBytes) = upper.GetElement(1);
            *(uint*)(to + (2 * strideBytes)) = upper.GetElement(2);
            *(uint*)(to + (3 * strideBytes)) = upper.GetElement(3);
            to += 4 * strideBytes;
            *(uint*)to = lower.GetElement(0);
            *(uint*)(to + strideBytes) = lower.GetElement(1);
            *(uint*)(to + (2 * strideBytes)) = lower.GetElement(2);
            *(uint*)(to + (3 * strideBytes)) = lower.GetElement(3);
        }
    }
}
