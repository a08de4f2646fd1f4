namespace Koalarization.Imaging.Jpeg.Scans;

/// <summary>A Huffman table of a JPEG (ITU-T T.81, annex C), prepared for decoding.</summary>
internal sealed class HuffmanTable
{
    public const int LookupBits = 9;
    public const int LongestCode = 16;

    private readonly int[] _largestCode = new int[LongestCode + 1];
    private readonly int[] _valueOffset = new int[LongestCode + 1];
    private readonly byte[] _values;

    private HuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> values)
    {
        _values = values.ToArray();
        int code = 0, value = 0;
        for (int length = 1; length <= LongestCode; length++, code <<= 1)
        {
            int count = counts[length - 1];
            _valueOffset[length] = value - code;
            _largestCode[length] = count == 0 ? -1 : code + count - 1;

            // No code is all ones (annex C); libjpeg refuses such a table.
            IsPossible &= count == 0 || code + count < 1 << length;
            for (int i = 0; i < count && IsPossible; i++, code++, value++)
            {
                FillLookup(code, length, _values[value]);
            }

            if (!IsPossible)
            {
                return;
            }
        }
    }

    /// <summary>Whether no code is the beginning of another.</summary>
    public bool IsPossible { get; private set; } = true;

    /// <summary>Whether its symbols are numbers of bits that a DC difference can have.</summary>
    public bool IsForDc => _values.All(value => value <= 15);

    /// <summary>For the next <see cref="LookupBits"/> bits: the length of the code that they begin with, times 256, and its symbol; 0: a longer code.</summary>
    public ushort[] Lookup { get; } = new ushort[1 << LookupBits];

    /// <param name="counts">How many codes there are of each length from 1 to 16.</param>
    /// <param name="values">Their symbols, as many.</param>
    public static HuffmanTable From(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> values) => new(counts, values);

    /// <summary>Whether bits are a code of this length.</summary>
    public bool TryFind(int code, int length, out int symbol)
    {
        bool found = code <= _largestCode[length];
        symbol = found ? _values[code + _valueOffset[length]] : 0;
        return found;
    }

    private void FillLookup(int code, int length, byte symbol)
    {
        if (length <= LookupBits)
        {
            int free = LookupBits - length;
            Lookup.AsSpan(code << free, 1 << free).Fill((ushort)((length << 8) | symbol));
        }
    }
}
