namespace Koalarization.Inception.Weights;

/// <summary>The SplitMix64 sequence (Steele, Lea, Flood 2014): each number by its index, the same on every machine.</summary>
internal static class SplitMix64
{
    /// <summary>The upper 24 bits of number <paramref name="index"/>, as a multiple of 2^-23 in [-1, 1).</summary>
    public static float Uniform(ulong start, int index)
    {
        ulong z = start + ((ulong)index + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return ((int)(z >> 40) - 0x800000) * (1f / 0x800000);
    }
}
