using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Koalarization.Imaging.Fitting;

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
