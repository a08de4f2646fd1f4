using System.Runtime.Intrinsics;

namespace Koalarization.Imaging;

/// <summary>
/// Some rows rearranged for the horizontal pass: for each pair of neighbouring pixels <see cref="Lanes"/> ints, each holding the pair's two
/// samples as 16-bit halves. With 3 and 4 channels a lane is a channel (of four) of one of 8 rows, with 1 channel it is one of 32 rows. So
/// one multiply-add works on many sums at once and none is ever spread over lanes.
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
        int rows = RowsFor(channels);
        int pairs = (width + 1) / 2;
        for (int row = 0; row < rows; row++)
        {
            byte* from = source.Start + ((nint)Math.Min(firstRow + row, source.Rows - 1) * source.StrideBytes);
            if (channels == 1)
            {
                FillGray(from, pairs, tile + row);
            }
            else
            {
                FillColours(from, channels, pairs, tile + (row * 4));
            }
        }
    }

    private static void FillColours(byte* from, int channels, int pairs, int* tile)
    {
        Vector128<byte> order = channels == 3
            ? Vector128.Create(0, 255, 3, 255, 1, 255, 4, 255, 2, 255, 5, 255, 255, 255, 255, 255)
            : Vector128.Create(0, 255, 4, 255, 1, 255, 5, 255, 2, 255, 6, 255, 3, 255, 7, 255);
        for (int pair = 0; pair < pairs; pair++)
        {
            Vector128.Shuffle(Vector128.Load(from), order).AsInt32().Store(tile);
            from += 2 * channels;
            tile += Lanes;
        }
    }

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
