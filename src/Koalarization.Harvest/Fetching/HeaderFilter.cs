using System.Buffers;
using System.Text;

namespace Koalarization.Harvest.Fetching;

/// <summary>
/// Reads the beginning of HTTP/1 answers as browsers and curl do: old servers write lines among their headers that are none (warnings of PHP, names with blanks
/// or with bytes above 127), and the HTTP stack would refuse the whole answer. Such a line is left out, with the lines that continue it. All else passes byte
/// for byte, but for the status line, of which only version and code are kept.
/// </summary>
/// <param name="maxBytes">A longer beginning passes as it is from there on: the HTTP stack has its own limit, and names it.</param>
internal sealed class HeaderFilter(int maxBytes)
{
    private const int BufferBytes = 4096;
    private const int StatusLineBytes = 12; // HTTP/1.1 200

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    // What was read: given to the caller, ready for the caller, left out, and not looked at yet.
    private byte[] _buffer = new byte[BufferBytes];
    private int _given;
    private int _ready;
    private int _scanned;
    private int _end;

    private Part _part = Part.Rest;
    private int _bytes;
    private bool _isInterim;
    private bool _isSkipping;

    private enum Part
    {
        StatusLine,
        Headers,
        Rest,
    }

    /// <summary>Whether bytes are ready for the caller.</summary>
    public bool HasOutput => _given < _ready;

    /// <summary>Whether bytes are here that were not given out.</summary>
    public bool HasBytes => _given < _ready || _scanned < _end;

    /// <summary>Whether the caller may read the connection itself: the beginning is over, and nothing of it is here.</summary>
    public bool IsIdle => _part == Part.Rest && !HasBytes;

    /// <summary>The next bytes are the beginning of an answer.</summary>
    public void Begin()
    {
        (_part, _bytes, _isInterim) = (Part.StatusLine, 0, false);
        if (_buffer.Length > BufferBytes && !HasBytes)
        {
            _buffer = new byte[BufferBytes];
            (_given, _ready, _scanned, _end) = (0, 0, 0, 0);
        }
    }

    /// <summary>Gives out what is ready.</summary>
    public int Take(Span<byte> destination)
    {
        int taken = Math.Min(destination.Length, _ready - _given);
        _buffer.AsSpan(_given, taken).CopyTo(destination);
        _given += taken;
        return taken;
    }

    /// <summary>Where the next bytes of the connection are to be read to, once nothing is ready.</summary>
    public Memory<byte> Space()
    {
        _buffer.AsSpan(_scanned, _end - _scanned).CopyTo(_buffer);
        (_given, _ready, _scanned, _end) = (0, 0, 0, _end - _scanned);
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Bytes of the connection that were read elsewhere.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Memory<byte> space = Space();
        if (space.Length < bytes.Length)
        {
            Array.Resize(ref _buffer, _end + bytes.Length);
            space = _buffer.AsMemory(_end);
        }

        bytes.CopyTo(space.Span);
        Received(bytes.Length);
    }

    /// <summary>So many bytes were read there; 0: the connection has ended.</summary>
    public void Received(int bytes)
    {
        _end += bytes;
        while (_part != Part.Rest)
        {
            Span<byte> unread = _buffer.AsSpan(_scanned, _end - _scanned);
            int length = unread.IndexOf((byte)'\n') + 1;
            if (bytes == 0 || (_part == Part.StatusLine && !MayBeStatusLine(unread)) || _bytes + (length > 0 ? length : unread.Length) > maxBytes)
            {
                _part = Part.Rest;
            }
            else if (length == 0)
            {
                return;
            }
            else
            {
                Span<byte> line = unread[..length];
                int kept = _part == Part.StatusLine ? KeptOfStatusLine(line) : KeptOfHeader(line);
                line[..kept].CopyTo(_buffer.AsSpan(_ready));
                _ready += kept;
                _scanned += length;
                _bytes += length;
            }
        }

        _buffer.AsSpan(_scanned, _end - _scanned).CopyTo(_buffer.AsSpan(_ready));
        _ready += _end - _scanned;
        (_scanned, _end) = (_ready, _ready);
    }

    /// <summary>Whether it may become a status line, empty lines before it aside.</summary>
    private static bool MayBeStatusLine(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> line = text.TrimStart("\r\n"u8);
        int length = Math.Min(line.Length, "HTTP/"u8.Length);
        return Ascii.EqualsIgnoreCase(line[..length], "HTTP/"u8[..length]);
    }

    private static Span<byte> WithoutLineEnd(Span<byte> line) => line[..^(line is [.., (byte)'\r', _] ? 2 : 1)];

    // Blanks before the code, and whatever comes behind it, differ among old servers: http/1.1  200, HTTP/1.1 200OK.
    private int KeptOfStatusLine(Span<byte> line)
    {
        Span<byte> text = WithoutLineEnd(line);
        if (text.IsEmpty)
        {
            return 0;
        }

        (_part, _isSkipping) = (Part.Headers, true);
        ReadOnlySpan<byte> code = text.Length > 8 ? text[8..].TrimStart(" \t"u8) : [];
        bool isCode = code.Length >= 3 && code[..3].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && (code.Length == 3 || !char.IsAsciiDigit((char)code[3]));
        if (!isCode || text[8] is not ((byte)' ' or (byte)'\t'))
        {
            return line.Length;
        }

        _isInterim = code[0] == '1' && !code.StartsWith("101"u8);
        "HTTP"u8.CopyTo(line);
        code[..3].CopyTo(line[9..]);
        line[8] = (byte)' ';
        line[StatusLineBytes] = (byte)'\n';
        return StatusLineBytes + 1;
    }

    private int KeptOfHeader(Span<byte> line)
    {
        Span<byte> text = WithoutLineEnd(line);
        if (text.IsEmpty)
        {
            _part = _isInterim ? Part.StatusLine : Part.Rest;
            _isInterim = false;
            return line.Length;
        }

        if (text[0] is (byte)' ' or (byte)'\t')
        {
            return _isSkipping ? 0 : line.Length;
        }

        int colon = text.IndexOf((byte)':');
        int name = colon <= 0 ? 0 : text[..colon].TrimEnd(" \t"u8).Length;
        _isSkipping = name == 0 || text[..name].ContainsAnyExcept(NameBytes);
        if (_isSkipping)
        {
            return 0;
        }

        // A carriage return that ends no line would be taken for one.
        text.Replace((byte)'\r', (byte)' ');
        line[colon..].CopyTo(line[name..]);
        return line.Length - (colon - name);
    }
}
