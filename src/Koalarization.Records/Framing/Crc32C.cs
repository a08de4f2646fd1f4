namespace Koalarization.Records.Framing;

/// <summary>
/// CRC-32C (Castagnoli, RFC 3720 appendix B.4: polynomial 0x1EDC6F41 reflected, initial value and final xor all ones).
/// Both implementations give the same bits; which one runs depends on the processor alone.
/// </summary>
public static class Crc32C
{
    /// <summary>The checksum of <paramref name="data"/>; 0 for no bytes.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>The checksum of what <paramref name="crc"/> is the checksum of, followed by <paramref name="data"/>.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        uint state = ~crc;
        state = Crc32CHardware.IsSupported ? Crc32CHardware.Update(state, data) : Crc32CPortable.Update(state, data);
        return ~state;
    }
}
