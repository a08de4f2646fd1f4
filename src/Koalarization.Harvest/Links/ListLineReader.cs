using System.Buffers;

namespace Koalarization.Harvest.Links;

/// <summary>
/// Cuts a stream into lines the way Python's text files do: LF, CR LF and a lone CR end a line. Holds one buffer; a line
/// that does not fit in it is dropped and reported as too long.
/// </summary>
internal sealed class ListLineReader : IDisposable
{
    private readonly Stream _stream;
    private readonly int _capacity;
    private byte[] _buffer;
    private int _start;
    private int _end;
    private bool _ended;
    private bool _skipLineFeed;
    private bool _dropping;

    public ListLineReader(Stream stream, int maxLineBytes)
    {
        _stream = stream;
        _capacity = maxLineBytes + 1;
        _buffer = ArrayPool<byte>.Shared.Rent(_capacity);
    }

    /// <summary>Reads more bytes; false at the end of the stream.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_ended)
        {
            return false;
        }

        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _capacity)
        {
            _dropping = true;
            _end = 0;
        }

        int read = await _stream.ReadAsync(_buffer.AsMemory(_end, _capacity - _end), cancellationToken);
        _end += read;
        _ended = read == 0;
        return true;
    }

    /// <summary>The next whole line of what was read so far. The span is good until the next call of anything here.</summary>
    public bool TryNext(out ReadOnlySpan<byte> line, out bool tooLong)
    {
        if (_skipLineFeed && _start < _end)
        {
            _skipLineFeed = false;
            if (_buffer[_start] == '\n')
            {
                _start++;
            }
        }

        ReadOnlySpan<byte> rest = _buffer.AsSpan(_start, _end - _start);
        int length = rest.IndexOfAny((byte)'\n', (byte)'\r');
        bool last = length < 0 && _ended && (rest.Length > 0 || _dropping);
        if (length < 0 && !last)
        {
            line = default;
            tooLong = false;
            return false;
        }

        line = last ? rest : rest[..length];
        _skipLineFeed = !last && rest[length] == '\r';
        _start += last ? rest.Length : length + 1;
        tooLong = _dropping;
        _dropping = false;
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
