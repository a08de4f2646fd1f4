using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Koalarization.Imaging.Colour.Lanes;

/// <summary>Eight lanes; needs AVX2 and FMA.</summary>
internal readonly unsafe struct EightFloats(Vector256<float> value) : IFloatLanes<EightFloats>
{
    private readonly Vector256<float> _value = value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightFloats operator -(EightFloats left, EightFloats right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightFloats operator *(EightFloats left, EightFloats right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightFloats MultiplyAdd(EightFloats left, EightFloats right, EightFloats addend) =>
        new(Vector256.FusedMultiplyAdd(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightFloats All(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightFloats Load(float* from) => new(Vector256.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightFloats MinusThirdOfBits(int origin, EightFloats value)
    {
        Vector256<float> third = Vector256.ConvertToSingle(value._value.AsInt32()) * (1f / 3f);
        return new((Vector256.Create(origin) - Vector256.ConvertToInt32Native(third)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightFloats WhereGreater(EightFloats value, EightFloats threshold, EightFloats above, EightFloats below) =>
        new(Vector256.ConditionalSelect(Vector256.GreaterThan(value._value, threshold._value), above._value, below._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(EightFloats value, float* to) => value._value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleaved(EightFloats first, EightFloats second, float* to)
    {
        Vector256<float> low = Avx.UnpackLow(first._value, second._value);
        Vector256<float> high = Avx.UnpackHigh(first._value, second._value);
        Avx.Permute2x128(low, high, 0x20).Store(to);
        Avx.Permute2x128(low, high, 0x31).Store(to + 8);
    }
}
