using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;

namespace Koalarization.Checkpoints.Bytes;

/// <summary>
/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) as TensorFlow and LevelDB store it: masked, so that the checksum of
/// bytes which hold checksums stays useful.
/// </summary>
internal static class Crc32C
{
    private const uint Polynomial = 0x82F63B78;
    private const uint MaskDelta = 0xA282EAD8;

    // Three runs of this length are summed side by side: the instruction takes three cycles and one can start in each.
    private const int RunBytes = 4096;

    private static readonly uint[] ByteTable = BuildByteTable();
    private static readonly uint[] SkipRunTable = BuildSkipRunTable();

    /// <summary>The checksum of <paramref name="bytes"/>; with <paramref name="crc"/>, of those before and these.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes, uint crc = 0) => ~(Sse42.X64.IsSupported ? Hardware(~crc, bytes) : Portable(~crc, bytes));

    /// <summary>The same without any special instruction.</summary>
    internal static uint ComputePortable(ReadOnlySpan<byte> bytes, uint crc = 0) => ~Portable(~crc, bytes);

    /// <summary>The form in which a checksum is stored.</summary>
    public static uint Mask(uint crc) => uint.RotateRight(crc, 15) + MaskDelta;

    private static uint Hardware(uint state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 3 * RunBytes)
        {
            ulong first = state;
            ulong second = 0;
            ulong third = 0;
            for (int i = 0; i < RunBytes; i += sizeof(ulong))
            {
                first = Sse42.X64.Crc32(first, BinaryPrimitives.ReadUInt64LittleEndian(bytes[i..]));
                second = Sse42.X64.Crc32(second, BinaryPrimitives.ReadUInt64LittleEndian(bytes[(RunBytes + i)..]));
                third = Sse42.X64.Crc32(third, BinaryPrimitives.ReadUInt64LittleEndian(bytes[((2 * RunBytes) + i)..]));
            }

            state = SkipRun(SkipRun((uint)first) ^ (uint)second) ^ (uint)third;
            bytes = bytes[(3 * RunBytes)..];
        }

        while (bytes.Length >= sizeof(ulong))
        {
            state = (uint)Sse42.X64.Crc32(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte value in bytes)
        {
            state = Sse42.Crc32(state, value);
        }

        return state;
    }

    private static uint Portable(uint state, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            state = ByteTable[(byte)(state ^ value)] ^ (state >> 8);
        }

        return state;
    }

    /// <summary>The state after <see cref="RunBytes"/> zero bytes. The map is linear, so four look-ups give it.</summary>
    private static uint SkipRun(uint state) =>
        SkipRunTable[(byte)state] ^ SkipRunTable[256 + (byte)(state >> 8)]
        ^ SkipRunTable[512 + (byte)(state >> 16)] ^ SkipRunTable[768 + (state >> 24)];

    private static uint[] BuildByteTable()
    {
        var table = new uint[256];
        for (uint value = 0; value < 256; value++)
        {
            uint state = value;
            for (int bit = 0; bit < 8; bit++)
            {
                state = (state >> 1) ^ ((state & 1) * Polynomial);
            }

            table[value] = state;
        }

        return table;
    }

    private static uint[] BuildSkipRunTable()
    {
        var ofBit = new uint[32];
        var zeros = new byte[RunBytes];
        for (int bit = 0; bit < 32; bit++)
        {
            ofBit[bit] = Portable(1u << bit, zeros);
        }

        var table = new uint[4 * 256];
        for (int i = 0; i < table.Length; i++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                table[i] ^= ((i >> bit) & 1) == 0 ? 0 : ofBit[(i / 256 * 8) + bit];
            }
        }

        return table;
    }
}
