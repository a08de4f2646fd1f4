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
