namespace Koalarization.Imaging.Jpeg.Scans;

/// <summary>Reads the bits of entropy-coded data up to the next marker, as libjpeg does: FF 00 is FF, FF before FF is passed over.</summary>
internal ref struct ScanBits
{
    // The code that no table has, in the library's reading: one bit more than the longest.
    private const int BadCodeBits = HuffmanTable.LongestCode + 1;
    private const int Remembered = 16;

    private readonly ReadOnlySpan<byte> _jpeg;

    // Where each of the last bytes ended in the file: at most eight are read ahead.
    private readonly int[] _ends;
    private ulong _buffer;
    private int _bits;
    private int _position;
    private long _bytes;
    private bool _isAtMarker;

    /// <param name="jpeg">The file.</param>
    /// <param name="start">Where the data begin.</param>
    public ScanBits(ReadOnlySpan<byte> jpeg, int start)
    {
        _jpeg = jpeg;
        _position = start;
        _ends = new int[Remembered];
        _ends[0] = start;
    }

    /// <summary>Whether more bits were asked for than there are before the marker or the file's end.</summary>
    public bool IsShort { get; private set; }

    /// <summary>Whether bits were met that are no code.</summary>
    public bool HasBadCode { get; set; }

    /// <summary>Whether the next marker, or the file's end, was reached, which may lie behind bits that are still to be read.</summary>
    public readonly bool IsAtMarker => _isAtMarker;

    /// <summary>Whether the file's end was reached, and no marker.</summary>
    public readonly bool IsAtEnd => _isAtMarker && _jpeg[_position..].IndexOfAnyExcept((byte)0xFF) < 0;

    /// <summary>Bytes of the file that were not read ahead.</summary>
    public readonly int BytesLeft => _jpeg.Length - _position;

    /// <summary>The offset behind the last byte of which a bit was taken.</summary>
    public readonly int End => _ends[(_bytes - (_bits / 8)) % Remembered];

    /// <summary>Whether the rest of the last byte is ones, as the standard wants it at the end of data (ITU-T T.81, F.1.2.3), or zeros.</summary>
    public readonly bool IsPadded
    {
        get
        {
            int rest = _bits % 8;
            ulong ones = (1UL << rest) - 1, padding = (_buffer >> (_bits - rest)) & ones;
            return padding == ones || padding == 0;
        }
    }

    /// <summary>Begins again at an offset.</summary>
    public void Restart(int start)
    {
        (_buffer, _bits, _bytes, _position, _isAtMarker) = (0, 0, 0, start, false);
        _ends[0] = start;
    }

    /// <summary>The symbol of the next code; 0 for bits that are no code.</summary>
    public int Decode(HuffmanTable table)
    {
        if (_bits < BadCodeBits)
        {
            Fill();
        }

        int ahead = _bits >= HuffmanTable.LookupBits
            ? (int)(_buffer >> (_bits - HuffmanTable.LookupBits)) & ((1 << HuffmanTable.LookupBits) - 1)
            : (int)(_buffer << (HuffmanTable.LookupBits - _bits)) & ((1 << HuffmanTable.LookupBits) - 1);
        int entry = table.Lookup[ahead];
        if (entry != 0)
        {
            return Take(entry >> 8) ? entry & 0xFF : 0;
        }

        for (int length = HuffmanTable.LookupBits + 1; length <= HuffmanTable.LongestCode; length++)
        {
            if (length > _bits)
            {
                break;
            }

            if (table.TryFind((int)(_buffer >> (_bits - length)) & ((1 << length) - 1), length, out int symbol))
            {
                _bits -= length;
                return symbol;
            }
        }

        HasBadCode |= Take(BadCodeBits);
        return 0;
    }

    /// <summary>Takes bits without looking at them.</summary>
    /// <param name="count">0 to 16.</param>
    public void Skip(int count) => Read(count);

    /// <summary>The next bits as a number.</summary>
    /// <param name="count">0 to 16.</param>
    public int Read(int count)
    {
        if (_bits < count)
        {
            Fill();
        }

        return Take(count) ? (int)(_buffer >> _bits) & ((1 << count) - 1) : 0;
    }

    private bool Take(int count)
    {
        if (count > _bits)
        {
            IsShort = true;
            _bits = 0;
            return false;
        }

        _bits -= count;
        return true;
    }

    private void Fill()
    {
        while (_bits <= 56 && !_isAtMarker)
        {
            if (_position >= _jpeg.Length)
            {
                _isAtMarker = true;
                return;
            }

            byte value = _jpeg[_position];
            int next = _position + 1;
            if (value == 0xFF)
            {
                while (next < _jpeg.Length && _jpeg[next] == 0xFF)
                {
                    next++;
                }

                if (next >= _jpeg.Length || _jpeg[next] != 0)
                {
                    _isAtMarker = true;
                    return;
                }

                next++;
            }

            _position = next;
            _buffer = (_buffer << 8) | value;
            _bits += 8;
            _ends[++_bytes % Remembered] = next;
        }
    }
}
