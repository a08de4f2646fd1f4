namespace Koalarization.Imaging.Jpeg.Scans;

/// <summary>Decodes binary decisions (ITU-T T.81, annex D). Behind a marker, data go on with zeros (D.2.6).</summary>
internal ref struct ArithmeticDecoder
{
    /// <summary>The state of a decision of which both answers are as likely, for ever.</summary>
    public const byte Even = 113;

    private const uint Half = 0x8000;
    private const int Index = 0x7F;
    private const int Probable = 0x80;

    private readonly ReadOnlySpan<byte> _jpeg;
    private uint _code;
    private uint _interval = 2 * Half;
    private int _bitsAhead;

    /// <param name="jpeg">The file.</param>
    /// <param name="start">Where the data begin.</param>
    public ArithmeticDecoder(ReadOnlySpan<byte> jpeg, int start)
    {
        _jpeg = jpeg;
        Position = start;
        _code = (uint)NextByte() << 24;
        _code |= (uint)NextByte() << 16;
    }

    /// <summary>Where the next byte is read; at a marker, its FF.</summary>
    public int Position { get; private set; }

    /// <summary>Whether a byte behind the file's end was asked for, where no marker is.</summary>
    public bool IsBehindEnd { get; private set; }

    // Table D.3: the probability of the less probable answer; the states after each answer, and 128 where the probable one changes.
    private static ReadOnlySpan<ushort> Probability =>
    [
        0x5A1D, 0x2586, 0x1114, 0x080B, 0x03D8, 0x01DA, 0x00E5, 0x006F, 0x0036, 0x001A, 0x000D, 0x0006, 0x0003, 0x0001, 0x5A7F, 0x3F25,
        0x2CF2, 0x207C, 0x17B9, 0x1182, 0x0CEF, 0x09A1, 0x072F, 0x055C, 0x0406, 0x0303, 0x0240, 0x01B1, 0x0144, 0x00F5, 0x00B7, 0x008A,
        0x0068, 0x004E, 0x003B, 0x002C, 0x5AE1, 0x484C, 0x3A0D, 0x2EF1, 0x261F, 0x1F33, 0x19A8, 0x1518, 0x1177, 0x0E74, 0x0BFB, 0x09F8,
        0x0861, 0x0706, 0x05CD, 0x04DE, 0x040F, 0x0363, 0x02D4, 0x025C, 0x01F8, 0x01A4, 0x0160, 0x0125, 0x00F6, 0x00CB, 0x00AB, 0x008F,
        0x5B12, 0x4D04, 0x412C, 0x37D8, 0x2FE8, 0x293C, 0x2379, 0x1EDF, 0x1AA9, 0x174E, 0x1424, 0x119C, 0x0F6B, 0x0D51, 0x0BB6, 0x0A40,
        0x5832, 0x4D1C, 0x438E, 0x3BDD, 0x34EE, 0x2EAE, 0x299A, 0x2516, 0x5570, 0x4CA9, 0x44D9, 0x3E22, 0x3824, 0x32B4, 0x2E17, 0x56A8,
        0x4F46, 0x47E5, 0x41CF, 0x3C3D, 0x375E, 0x5231, 0x4C0F, 0x4639, 0x415E, 0x5627, 0x50E7, 0x4B85, 0x5597, 0x504F, 0x5A10, 0x5522,
        0x59EB, 0x5A1D,
    ];

    private static ReadOnlySpan<byte> AfterLess =>
    [
        129, 14, 16, 18, 20, 23, 25, 28, 30, 33, 35, 9, 10, 12, 143, 36, 38, 39, 40, 42, 43, 45, 46, 48,
        49, 51, 52, 54, 56, 57, 59, 60, 62, 63, 32, 33, 165, 64, 65, 67, 68, 69, 70, 72, 73, 74, 75, 77,
        78, 79, 48, 50, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 61, 61, 193, 80, 81, 82, 83, 84, 86, 87,
        87, 72, 72, 74, 74, 75, 77, 77, 208, 88, 89, 90, 91, 92, 93, 86, 216, 95, 96, 97, 99, 99, 93, 223,
        101, 102, 103, 104, 99, 105, 106, 107, 103, 233, 108, 109, 110, 111, 238, 112, 240, 113,
    ];

    private static ReadOnlySpan<byte> AfterMore =>
    [
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 13, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
        25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 9, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48,
        49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 32, 65, 66, 67, 68, 69, 70, 71, 72,
        73, 74, 75, 76, 77, 78, 79, 48, 81, 82, 83, 84, 85, 86, 87, 71, 89, 90, 91, 92, 93, 94, 86, 96,
        97, 98, 99, 100, 93, 102, 103, 104, 99, 106, 107, 103, 109, 107, 111, 109, 111, 113,
    ];

    /// <summary>The next answer, 0 or 1.</summary>
    /// <param name="state">The decision's state: the index of a probability, and 128 where 1 is the probable answer.</param>
    public int Decide(ref byte state)
    {
        while (_interval < Half)
        {
            if (_bitsAhead == 0)
            {
                _code |= (uint)NextByte() << 8;
                _bitsAhead = 8;
            }

            _interval <<= 1;
            _code <<= 1;
            _bitsAhead--;
        }

        int index = state & Index, probable = state & Probable;
        uint probability = Probability[index];
        _interval -= probability;
        bool isLess;
        if (_code >> 16 < _interval)
        {
            if (_interval >= Half)
            {
                return probable >> 7;
            }

            isLess = _interval < probability;
        }
        else
        {
            isLess = _interval >= probability;
            _code -= _interval << 16;
            _interval = probability;
        }

        int answer = isLess ? probable ^ Probable : probable;
        state = (byte)(isLess ? AfterLess[index] ^ probable : AfterMore[index] | probable);
        return answer >> 7;
    }

    private byte NextByte()
    {
        if (Position >= _jpeg.Length)
        {
            IsBehindEnd = true;
            return 0;
        }

        byte value = _jpeg[Position];
        if (value != 0xFF)
        {
            Position++;
            return value;
        }

        int next = _jpeg[Position..].IndexOfAnyExcept((byte)0xFF);
        if (next < 0)
        {
            IsBehindEnd = true;
            return 0;
        }

        if (_jpeg[Position + next] != 0)
        {
            return 0;
        }

        Position += next + 1;
        return value;
    }
}
