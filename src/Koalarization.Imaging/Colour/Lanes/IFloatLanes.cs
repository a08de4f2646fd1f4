namespace Koalarization.Imaging.Colour.Lanes;

/// <summary>
/// Some float32 numbers side by side. <see cref="FastLab"/> is written once over this; its implementations round every operation alike,
/// multiply-adds once, so they agree to the bit.
/// </summary>
internal unsafe interface IFloatLanes<T>
    where T : struct, IFloatLanes<T>
{
    /// <summary>How many.</summary>
    static abstract int Count { get; }

    static abstract T operator -(T left, T right);

    static abstract T operator *(T left, T right);

    /// <summary><c>left * right + addend</c>, rounded once.</summary>
    static abstract T MultiplyAdd(T left, T right, T addend);

    /// <summary>The same number in all lanes.</summary>
    static abstract T All(float value);

    /// <summary>Lanes from memory.</summary>
    static abstract T Load(float* from);

    /// <summary>Per lane the number whose bits, as an integer, are <paramref name="origin"/> - bits(<paramref name="value"/>) / 3.</summary>
    static abstract T MinusThirdOfBits(int origin, T value);

    /// <summary>Per lane <paramref name="above"/> where <paramref name="value"/> &gt; <paramref name="threshold"/>, else <paramref name="below"/>.</summary>
    static abstract T WhereGreater(T value, T threshold, T above, T below);

    /// <summary>Writes the lanes.</summary>
    static abstract void Store(T value, float* to);

    /// <summary>Writes first[0], second[0], first[1], second[1], ...</summary>
    static abstract void StoreInterleaved(T first, T second, float* to);
}
