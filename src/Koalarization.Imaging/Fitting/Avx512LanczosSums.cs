using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Koalarization.Imaging.Fitting;

/// <summary>Sums of LANCZOS with 512-bit vectors. Bound by the multiply-adds: 32 products an instruction, two instructions for each pair of taps.</summary>
internal readonly unsafe struct Avx512LanczosSums : ILanczosSums
{
    public static int ColumnBytes => 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> SumLanes(int* tile, int* weights, int count)
    {
        Vector512<int> upper0 = Vector512<int>.Zero;
        Vector512<int> lower0 = Vector512<int>.Zero;
        Vector512<int> upper1 = Vector512<int>.Zero;
        Vector512<int> lower1 = Vector512<int>.Zero;
        for (int* end = weights + (2 * count); weights < end; weights += 2, tile += PairTile.Lanes)
        {
            Vector512<short> upper = Vector512.Create(weights[0]).AsInt16();
            Vector512<short> lower = Vector512.Create(weights[1]).AsInt16();
            Vector512<short> samples0 = Vector512.Load(tile).AsInt16();
            Vector512<short> samples1 = Vector512.Load(tile + 16).AsInt16();
            upper0 += Avx512BW.MultiplyAddAdjacent(samples0, upper);
            lower0 += Avx512BW.MultiplyAddAdjacent(samples0, lower);
            upper1 += Avx512BW.MultiplyAddAdjacent(samples1, upper);
            lower1 += Avx512BW.MultiplyAddAdjacent(samples1, lower);
        }

        return Vector256.Create(Clip(upper0, lower0), Clip(upper1, lower1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumRows(in PixelRows source, int x, int firstRow, int* weights, int count, byte* to)
    {
        Vector512<int> upper0 = Vector512<int>.Zero;
        Vector512<int> lower0 = Vector512<int>.Zero;
        Vector512<int> upper1 = Vector512<int>.Zero;
        Vector512<int> lower1 = Vector512<int>.Zero;
        Vector512<int> upper2 = Vector512<int>.Zero;
        Vector512<int> lower2 = Vector512<int>.Zero;
        Vector512<int> upper3 = Vector512<int>.Zero;
        Vector512<int> lower3 = Vector512<int>.Zero;
        byte* even = source.Start + ((nint)firstRow * source.StrideBytes) + x;
        int row = firstRow;
        for (int* end = weights + (2 * count); weights < end; weights += 2, row += 2)
        {
            // The odd row of the last pair may not exist; its weight is 0.
            byte* odd = row + 1 < source.Rows ? even + source.StrideBytes : even;
            Vector512<short> upper = Vector512.Create(weights[0]).AsInt16();
            Vector512<short> lower = Vector512.Create(weights[1]).AsInt16();
            Vector512<byte> a = Vector512.Load(even);
            Vector512<byte> b = Vector512.Load(odd);
            Vector512<short> a0 = Avx512BW.ConvertToVector512Int16(a.GetLower());
            Vector512<short> b0 = Avx512BW.ConvertToVector512Int16(b.GetLower());
            Vector512<short> a1 = Avx512BW.ConvertToVector512Int16(a.GetUpper());
            Vector512<short> b1 = Avx512BW.ConvertToVector512Int16(b.GetUpper());
            Vector512<short> samples0 = Avx512BW.UnpackLow(a0, b0);
            Vector512<short> samples1 = Avx512BW.UnpackHigh(a0, b0);
            Vector512<short> samples2 = Avx512BW.UnpackLow(a1, b1);
            Vector512<short> samples3 = Avx512BW.UnpackHigh(a1, b1);
            upper0 += Avx512BW.MultiplyAddAdjacent(samples0, upper);
            lower0 += Avx512BW.MultiplyAddAdjacent(samples0, lower);
            upper1 += Avx512BW.MultiplyAddAdjacent(samples1, upper);
            lower1 += Avx512BW.MultiplyAddAdjacent(samples1, lower);
            upper2 += Avx512BW.MultiplyAddAdjacent(samples2, upper);
            lower2 += Avx512BW.MultiplyAddAdjacent(samples2, lower);
            upper3 += Avx512BW.MultiplyAddAdjacent(samples3, upper);
            lower3 += Avx512BW.MultiplyAddAdjacent(samples3, lower);
            even += 2 * (nint)source.StrideBytes;
        }

        // Packing undoes the unpacking: both work within 128-bit parts.
        Vector512<ushort> words0 = Avx512BW.PackUnsignedSaturate(Whole(upper0, lower0), Whole(upper1, lower1));
        Vector512<ushort> words1 = Avx512BW.PackUnsignedSaturate(Whole(upper2, lower2), Whole(upper3, lower3));
        Avx512BW.ConvertToVector256ByteWithSaturation(words0).Store(to);
        Avx512BW.ConvertToVector256ByteWithSaturation(words1).Store(to + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Whole(Vector512<int> upper, Vector512<int> lower) =>
        ((upper << LanczosTable.LowerBits) + lower + Vector512.Create(LanczosTable.Half)) >> LanczosTable.FractionBits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Clip(Vector512<int> upper, Vector512<int> lower) =>
        Avx512F.ConvertToVector128ByteWithSaturation(Vector512.Max(Whole(upper, lower), Vector512<int>.Zero).AsUInt32());
}
