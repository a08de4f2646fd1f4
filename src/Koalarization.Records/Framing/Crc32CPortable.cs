using System.Buffers.Binary;

namespace Koalarization.Records.Framing;

/// <summary>CRC-32C by eight tables, eight bytes a step, for processors without the instruction.</summary>
internal static class Crc32CPortable
{
    /// <summary>The polynomial without its leading term, reflected: bit 31 is the coefficient of x^0.</summary>
    internal const uint Polynomial = 0x82F63B78;

    private static readonly uint[] s_tables = BuildTables();

    /// <summary>The state (not inverted) after <paramref name="data"/>.</summary>
    public static uint Update(uint state, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<uint> tables = s_tables;
        while (data.Length >= 8)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(data) ^ state;
            state = tables[(7 * 256) + (int)(word & 0xFF)]
                ^ tables[(6 * 256) + (int)((word >> 8) & 0xFF)]
                ^ tables[(5 * 256) + (int)((word >> 16) & 0xFF)]
                ^ tables[(4 * 256) + (int)((word >> 24) & 0xFF)]
                ^ tables[(3 * 256) + (int)((word >> 32) & 0xFF)]
                ^ tables[(2 * 256) + (int)((word >> 40) & 0xFF)]
                ^ tables[256 + (int)((word >> 48) & 0xFF)]
                ^ tables[(int)(word >> 56)];
            data = data[8..];
        }

        foreach (byte value in data)
        {
            state = tables[(int)((state ^ value) & 0xFF)] ^ (state >> 8);
        }

        return state;
    }

    /// <summary>Multiplies the reflected polynomial <paramref name="value"/> by x, modulo the CRC's polynomial.</summary>
    internal static uint TimesX(uint value) => (value >> 1) ^ ((value & 1) == 0 ? 0 : Polynomial);

    /// <summary>Table 0 advances a state by one byte; table k by that byte and k zero bytes after it.</summary>
    private static uint[] BuildTables()
    {
        var tables = new uint[8 * 256];
        for (uint value = 0; value < 256; value++)
        {
            uint state = value;
            for (int bit = 0; bit < 8; bit++)
            {
                state = TimesX(state);
            }

            tables[value] = state;
        }

        for (int i = 256; i < tables.Length; i++)
        {
            uint shorter = tables[i - 256];
            tables[i] = tables[shorter & 0xFF] ^ (shorter >> 8);
        }

        return tables;
    }
}
