using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Koalarization.Imaging.Fitting;

/// <summary>
/// Some rows rearranged for the horizontal pass: for each pair of neighbouring pixels <see cref="Lanes"/> ints, each holding the pair's two
/// samples as 16-bit halves. With 3 and 4 channels a lane is a channel (of four) of one of 8 rows, with 1 channel it is one of 32 rows. So
/// one multiply-add works on many sums at once and none is ever spread over lanes. Needs SSSE3.
/// </summary>
internal static unsafe class PairTile
{
    /// <summary>Sums that are worked on at once.</summary>
    public const int Lanes = 32;

    /// <summary>Rows of a tile: <see cref="Lanes"/> over the lanes that a pixel takes.</summary>
    public static int RowsFor(int channels) => channels == 1 ? Lanes : Lanes / 4;

    /// <summary>Ints of the tile of a row of so many pixels.</summary>
    public static int IntsFor(int width) => (width + 1) / 2 * Lanes;

    /// <summary>Fills the tile with rows from <paramref name="firstRow"/> on; behind the last row it is repeated.</summary>
    public static void Fill(in PixelRows source, int firstRow, int channels, int width, int* tile)
    {
        int pairs = (width + 1) / 2;
        if (channels == 1)
        {
            for (int row = 0; row < Lanes; row++)
            {
                FillGray(RowStart(source, firstRow + row), pairs, tile + row);
            }
        }
        else
        {
            FillColours(source, firstRow, channels, pairs, tile);
            FillColours(source, firstRow + 4, channels, pairs, tile + (Lanes / 2));
        }
    }

    private static byte* RowStart(in PixelRows source, int row) => source.Start + ((nint)Math.Min(row, source.Rows - 1) * source.StrideBytes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillColours(in PixelRows source, int firstRow, int channels, int pairs, int* tile)
    {
        byte* row0 = RowStart(source, firstRow);
        byte* row1 = RowStart(source, firstRow + 1);
        byte* row2 = RowStart(source, firstRow + 2);
        byte* row3 = RowStart(source, firstRow + 3);
        // 255 puts a zero.
        Vector128<byte> order = channels == 3
            ? Vector128.Create(0, 255, 3, 255, 1, 255, 4, 255, 2, 255, 5, 255, 255, 255, 255, 255)
            : Vector128.Create(0, 255, 4, 255, 1, 255, 5, 255, 2, 255, 6, 255, 3, 255, 7, 255);
        nint end = (nint)2 * channels * pairs;
        for (nint at = 0; at < end; at += 2 * channels, tile += Lanes)
        {
            Ssse3.Shuffle(Vector128.Load(row0 + at), order).AsInt32().Store(tile);
            Ssse3.Shuffle(Vector128.Load(row1 + at), order).AsInt32().Store(tile + 4);
            Ssse3.Shuffle(Vector128.Load(row2 + at), order).AsInt32().Store(tile + 8);
            Ssse3.Shuffle(Vector128.Load(row3 + at), order).AsInt32().Store(tile + 12);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillGray(byte* from, int pairs, int* tile)
    {
        for (int pair = 0; pair < pairs; pair++)
        {
            *tile = from[0] | (from[1] << 16);
            from += 2;
            tile += Lanes;
        }
    }
}
