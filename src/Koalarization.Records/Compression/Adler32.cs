namespace Koalarization.Records.Compression;

/// <summary>The checksum at the end of a zlib stream (RFC 1950, section 8).</summary>
internal static class Adler32
{
    public const uint Empty = 1;

    private const uint Modulus = 65521;

    // The longest run whose sums stay below 2^32.
    private const int RunBytes = 5552;

    public static uint Append(uint checksum, ReadOnlySpan<byte> data)
    {
        uint low = checksum & 0xFFFF;
        uint high = checksum >> 16;
        while (!data.IsEmpty)
        {
            int run = Math.Min(data.Length, RunBytes);
            foreach (byte value in data[..run])
            {
                low += value;
                high += low;
            }

            low %= Modulus;
            high %= Modulus;
            data = data[run..];
        }

        return (high << 16) | low;
    }
}
