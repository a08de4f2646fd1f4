using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Koalarization.Imaging.Fitting;

/// <summary>Sums of LANCZOS with 256-bit vectors. Bound by the multiply-adds: 16 products an instruction, two instructions for each pair of taps.</summary>
internal readonly unsafe struct Avx2LanczosSums : ILanczosSums
{
    public static int ColumnBytes => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> SumLanes(int* tile, int* weights, int count)
    {
        Vector256<int> upper0 = Vector256<int>.Zero;
        Vector256<int> lower0 = Vector256<int>.Zero;
        Vector256<int> upper1 = Vector256<int>.Zero;
        Vector256<int> lower1 = Vector256<int>.Zero;
        Vector256<int> upper2 = Vector256<int>.Zero;
        Vector256<int> lower2 = Vector256<int>.Zero;
        Vector256<int> upper3 = Vector256<int>.Zero;
        Vector256<int> lower3 = Vector256<int>.Zero;
        for (int* end = weights + (2 * count); weights < end; weights += 2, tile += PairTile.Lanes)
        {
            Vector256<short> upper = Vector256.Create(weights[0]).AsInt16();
            Vector256<short> lower = Vector256.Create(weights[1]).AsInt16();
            Add(Vector256.Load(tile).AsInt16(), upper, lower, ref upper0, ref lower0);
            Add(Vector256.Load(tile + 8).AsInt16(), upper, lower, ref upper1, ref lower1);
            Add(Vector256.Load(tile + 16).AsInt16(), upper, lower, ref upper2, ref lower2);
            Add(Vector256.Load(tile + 24).AsInt16(), upper, lower, ref upper3, ref lower3);
        }

        Vector256<short> words0 = Avx2.PackUnsignedSaturate(Whole(upper0, lower0), Whole(upper1, lower1)).AsInt16();
        Vector256<short> words1 = Avx2.PackUnsignedSaturate(Whole(upper2, lower2), Whole(upper3, lower3)).AsInt16();

        // Both packings worked within 128-bit halves: bring the eight groups of four lanes back into order.
        return Avx2.PermuteVar8x32(Avx2.PackUnsignedSaturate(words0, words1).AsInt32(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumRows(in PixelRows source, int x, int firstRow, int* weights, int count, byte* to)
    {
        Vector256<int> upper0 = Vector256<int>.Zero;
        Vector256<int> lower0 = Vector256<int>.Zero;
        Vector256<int> upper1 = Vector256<int>.Zero;
        Vector256<int> lower1 = Vector256<int>.Zero;
        Vector256<int> upper2 = Vector256<int>.Zero;
        Vector256<int> lower2 = Vector256<int>.Zero;
        Vector256<int> upper3 = Vector256<int>.Zero;
        Vector256<int> lower3 = Vector256<int>.Zero;
        byte* even = source.Start + ((nint)firstRow * source.StrideBytes) + x;
        int row = firstRow;
        for (int* end = weights + (2 * count); weights < end; weights += 2, row += 2)
        {
            // The odd row of the last pair may not exist; its weight is 0.
            byte* odd = row + 1 < source.Rows ? even + source.StrideBytes : even;
            Vector256<short> upper = Vector256.Create(weights[0]).AsInt16();
            Vector256<short> lower = Vector256.Create(weights[1]).AsInt16();
            Vector256<short> a = Avx2.ConvertToVector256Int16(even);
            Vector256<short> b = Avx2.ConvertToVector256Int16(odd);
            Add(Avx2.UnpackLow(a, b), upper, lower, ref upper0, ref lower0);
            Add(Avx2.UnpackHigh(a, b), upper, lower, ref upper1, ref lower1);
            a = Avx2.ConvertToVector256Int16(even + 16);
            b = Avx2.ConvertToVector256Int16(odd + 16);
            Add(Avx2.UnpackLow(a, b), upper, lower, ref upper2, ref lower2);
            Add(Avx2.UnpackHigh(a, b), upper, lower, ref upper3, ref lower3);
            even += 2 * (nint)source.StrideBytes;
        }

        // Packing to 16 bits undoes the unpacking; packing to 8 leaves the four quarters in the order 0 2 1 3.
        Vector256<short> words0 = Avx2.PackUnsignedSaturate(Whole(upper0, lower0), Whole(upper1, lower1)).AsInt16();
        Vector256<short> words1 = Avx2.PackUnsignedSaturate(Whole(upper2, lower2), Whole(upper3, lower3)).AsInt16();
        Avx2.Permute4x64(Avx2.PackUnsignedSaturate(words0, words1).AsInt64(), 0b11_01_10_00).AsByte().Store(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        Vector256<short> samples, Vector256<short> upper, Vector256<short> lower, ref Vector256<int> upperSum, ref Vector256<int> lowerSum)
    {
        upperSum += Avx2.MultiplyAddAdjacent(samples, upper);
        lowerSum += Avx2.MultiplyAddAdjacent(samples, lower);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Whole(Vector256<int> upper, Vector256<int> lower) =>
        ((upper << LanczosTable.LowerBits) + lower + Vector256.Create(LanczosTable.Half)) >> LanczosTable.FractionBits;
}
