namespace Koalarization.Imaging.Tests.Jpeg;

/// <summary>Takes JPEGs apart, for tests that put them together in another way.</summary>
internal static class JpegParts
{
    /// <summary>The segments up to and with the first scan's header: marker and offset of its FF, and the end of its body.</summary>
    public static IEnumerable<(byte Marker, int Start, int End)> Segments(byte[] jpeg)
    {
        int at = 2;
        while (true)
        {
            int end = at + 2 + ((jpeg[at + 2] << 8) | jpeg[at + 3]);
            yield return (jpeg[at + 1], at, end);
            if (jpeg[at + 1] == 0xDA)
            {
                yield break;
            }

            at = end;
        }
    }

    /// <summary>The first segment with a marker.</summary>
    public static (byte Marker, int Start, int End) First(byte[] jpeg, byte marker) => Segments(jpeg).First(segment => segment.Marker == marker);

    /// <summary>Without the segments of one marker, wherever they are.</summary>
    public static byte[] Without(byte[] jpeg, byte marker)
    {
        byte[] rest = jpeg;
        for (int at = rest.AsSpan().IndexOf([(byte)0xFF, marker]); at >= 0; at = rest.AsSpan().IndexOf([(byte)0xFF, marker]))
        {
            int end = at + 2 + ((rest[at + 2] << 8) | rest[at + 3]);
            rest = [.. rest.AsSpan(0, at), .. rest.AsSpan(end)];
        }

        return rest;
    }

    /// <summary>With bytes put in at an offset.</summary>
    public static byte[] With(byte[] jpeg, int offset, params ReadOnlySpan<byte> bytes) => [.. jpeg.AsSpan(0, offset), .. bytes, .. jpeg.AsSpan(offset)];
}
