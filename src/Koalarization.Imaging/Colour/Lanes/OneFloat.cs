namespace Koalarization.Imaging.Colour.Lanes;

/// <summary>One lane: runs everywhere.</summary>
internal readonly unsafe struct OneFloat(float value) : IFloatLanes<OneFloat>
{
    private readonly float _value = value;

    public static int Count => 1;

    public static OneFloat operator -(OneFloat left, OneFloat right) => new(left._value - right._value);

    public static OneFloat operator *(OneFloat left, OneFloat right) => new(left._value * right._value);

    public static OneFloat MultiplyAdd(OneFloat left, OneFloat right, OneFloat addend) =>
        new(MathF.FusedMultiplyAdd(left._value, right._value, addend._value));

    public static OneFloat All(float value) => new(value);

    public static OneFloat Load(float* from) => new(*from);

    public static OneFloat MinusThirdOfBits(int origin, OneFloat value) =>
        new(BitConverter.Int32BitsToSingle(origin - (int)(BitConverter.SingleToInt32Bits(value._value) * (1f / 3f))));

    public static OneFloat WhereGreater(OneFloat value, OneFloat threshold, OneFloat above, OneFloat below) =>
        value._value > threshold._value ? above : below;

    public static void Store(OneFloat value, float* to) => *to = value._value;

    public static void StoreInterleaved(OneFloat first, OneFloat second, float* to)
    {
        to[0] = first._value;
        to[1] = second._value;
    }
}
