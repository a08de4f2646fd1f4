namespace Koalarization.Imaging.Tests;

/// <summary>Noise that is the same for the same seed; every fourth stretch is extreme, so that sums overshoot.</summary>
internal static class RandomBytes
{
    public static byte[] Of(byte[] seed, int count)
    {
        int number = 17;
        foreach (byte value in seed)
        {
            number = unchecked((number * 31) + value);
        }

        return Of(number, count);
    }

    public static byte[] Of(int seed, int count)
    {
        var random = new Random(seed);
        var bytes = new byte[count];
        random.NextBytes(bytes);
        for (int i = 0; i < count; i++)
        {
            if ((i / 16) % 4 == 3)
            {
                bytes[i] = (byte)(bytes[i] < 128 ? 0 : 255);
            }
        }

        return bytes;
    }
}
