namespace Koalarization.Inception.Devices;

/// <summary>The network's input for a gray byte g: 2 (g/255) - 1 in float32.</summary>
internal static class GrayInput
{
    private static readonly float[] Table = [.. Enumerable.Range(0, 256).Select(gray => Of((byte)gray))];

    /// <summary>One byte's number.</summary>
    public static float Of(byte gray) => (gray / 255f) * 2f - 1f;

    /// <summary>Each byte's number, in order.</summary>
    public static void Convert(ReadOnlySpan<byte> gray, Span<float> input)
    {
        for (int i = 0; i < gray.Length; i++)
        {
            input[i] = Table[gray[i]];
        }
    }
}
