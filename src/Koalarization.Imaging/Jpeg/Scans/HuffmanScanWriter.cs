using System.Buffers;
using System.Numerics;

namespace Koalarization.Imaging.Jpeg.Scans;

/// <summary>Writes a frame's coefficients as one sequential scan with the standard Huffman tables of luminance.</summary>
internal sealed class HuffmanScanWriter(IBufferWriter<byte> output)
{
    private const int LargestDcSize = 11;
    private const int LargestAcSize = 10;
    private const int ZeroRun = 0xF0;
    private const int EndOfBlock = 0;

    private static readonly (int Code, int Length)[] DcCodes = CodesOf(StandardTables.LuminanceDc);
    private static readonly (int Code, int Length)[] AcCodes = CodesOf(StandardTables.LuminanceAc);

    private ulong _buffer;
    private int _bits;

    /// <summary>Writes the scan's header and data; false when a coefficient is larger than those of an 8-bit picture.</summary>
    public bool TryWrite(Frame frame)
    {
        byte count = (byte)frame.Components.Length;
        output.Write((ReadOnlySpan<byte>)[0xFF, JpegMarker.RestartInterval, 0, 4, 0, 0, 0xFF, JpegMarker.StartOfScan, 0, (byte)(6 + (2 * count)), count]);
        foreach (FrameComponent component in frame.Components)
        {
            output.Write((ReadOnlySpan<byte>)[component.Id, 0]);
        }

        output.Write((ReadOnlySpan<byte>)[0, 63, 0]);
        bool isInterleaved = count > 1;
        var before = new int[count];
        (int mcusAcross, int mcusDown) = isInterleaved ? (frame.McusAcross, frame.McusDown) : (frame.Components[0].BlocksAcross, frame.Components[0].BlocksDown);
        for (int mcu = 0; mcu < mcusAcross * mcusDown; mcu++)
        {
            for (int i = 0; i < count; i++)
            {
                FrameComponent component = frame.Components[i];
                (int across, int down) = isInterleaved ? (component.Across, component.Down) : (1, 1);
                for (int block = 0; block < across * down; block++)
                {
                    int x = (mcu % mcusAcross * across) + (block % across), y = (mcu / mcusAcross * down) + (block / across);
                    if (!TryWrite(component.Block(x, y), ref before[i]))
                    {
                        return false;
                    }
                }
            }
        }

        Put(0x7F, 7);
        return true;
    }

    private static (int Code, int Length)[] CodesOf((byte[] Counts, byte[] Values) table)
    {
        var codes = new (int, int)[256];
        int code = 0, at = 0;
        for (int length = 1; length <= HuffmanTable.LongestCode; length++, code <<= 1)
        {
            for (int i = 0; i < table.Counts[length - 1]; i++)
            {
                codes[table.Values[at++]] = (code++, length);
            }
        }

        return codes;
    }

    private static int SizeOf(int value) => 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(value));

    private bool TryWrite(ReadOnlySpan<short> block, ref int before)
    {
        int difference = block[0] - before, size = SizeOf(difference), zeros = 0;
        before = block[0];
        if (size > LargestDcSize)
        {
            return false;
        }

        Put(DcCodes[size].Code, DcCodes[size].Length);
        PutValue(difference, size);
        for (int k = 1; k < block.Length; k++)
        {
            if (block[k] == 0)
            {
                zeros++;
                continue;
            }

            for (; zeros > 15; zeros -= 16)
            {
                Put(AcCodes[ZeroRun].Code, AcCodes[ZeroRun].Length);
            }

            size = SizeOf(block[k]);
            if (size > LargestAcSize)
            {
                return false;
            }

            (int code, int length) = AcCodes[(zeros << 4) | size];
            Put(code, length);
            PutValue(block[k], size);
            zeros = 0;
        }

        if (zeros > 0)
        {
            Put(AcCodes[EndOfBlock].Code, AcCodes[EndOfBlock].Length);
        }

        return true;
    }

    private void PutValue(int value, int size) => Put(value < 0 ? value - 1 + (1 << size) : value, size);

    private void Put(int bits, int count)
    {
        _buffer = (_buffer << count) | (uint)bits;
        _bits += count;
        while (_bits >= 8)
        {
            _bits -= 8;
            byte value = (byte)(_buffer >> _bits);
            output.Write(value == 0xFF ? [0xFF, 0] : (ReadOnlySpan<byte>)[value]);
        }
    }
}
