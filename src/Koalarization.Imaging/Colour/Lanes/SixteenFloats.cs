using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Koalarization.Imaging.Colour.Lanes;

/// <summary>Sixteen lanes; needs AVX-512F.</summary>
internal readonly unsafe struct SixteenFloats(Vector512<float> value) : IFloatLanes<SixteenFloats>
{
    private readonly Vector512<float> _value = value;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenFloats operator -(SixteenFloats left, SixteenFloats right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenFloats operator *(SixteenFloats left, SixteenFloats right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenFloats MultiplyAdd(SixteenFloats left, SixteenFloats right, SixteenFloats addend) =>
        new(Vector512.FusedMultiplyAdd(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenFloats All(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenFloats Load(float* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenFloats MinusThirdOfBits(int origin, SixteenFloats value)
    {
        Vector512<float> third = Vector512.ConvertToSingle(value._value.AsInt32()) * (1f / 3f);
        return new((Vector512.Create(origin) - Vector512.ConvertToInt32Native(third)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenFloats WhereGreater(SixteenFloats value, SixteenFloats threshold, SixteenFloats above, SixteenFloats below) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(value._value, threshold._value), above._value, below._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(SixteenFloats value, float* to) => value._value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleaved(SixteenFloats first, SixteenFloats second, float* to)
    {
        Vector512<int> lower = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        Avx512F.PermuteVar16x32x2(first._value, lower, second._value).Store(to);
        Avx512F.PermuteVar16x32x2(first._value, lower + Vector512.Create(8), second._value).Store(to + 16);
    }
}
