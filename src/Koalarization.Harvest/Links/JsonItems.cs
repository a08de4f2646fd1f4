using System.Runtime.CompilerServices;
using System.Text;

namespace Koalarization.Harvest.Links;

/// <summary>
/// Cuts JSON into the values that are rows, without holding more than one of them: the elements of an array, values one after the other (one a line, or over
/// several), or the elements of the array that an object holds (<c>{"images": [...]}</c>). What is damaged costs its own line.
/// </summary>
internal sealed class JsonItems(Stream stream)
{
    private const int MaxItemBytes = 1 << 20;
    private const int None = -1;

    // Where an object is no row itself, its rows are in the first array with one of these names.
    private static readonly HashSet<string> Holders = new(StringComparer.OrdinalIgnoreCase)
    {
        "images", "image", "photos", "photo", "pictures", "data", "items", "results", "rows", "records", "urls", "links", "image_urls", "imageurls", "hits", "value",
        "values", "entries", "list", "docs", "posts",
    };

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _ended;
    private long _line = 1;

    /// <summary>Whether values stand one after the other, and are no elements of an array.</summary>
    public bool IsSequence { get; private set; }

    /// <summary>The items in their order.</summary>
    public async IAsyncEnumerable<JsonItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        bool isFirst = true;
        while (await SkipAsync(",", cancellation) is var next and not None)
        {
            if (next == '[')
            {
                _start++;
                await foreach (JsonItem item in ElementsAsync(cancellation))
                {
                    yield return item;
                }
            }
            else if (isFirst && next == '{' && await IsHolderAsync(cancellation))
            {
                await foreach (JsonItem item in HeldAsync(cancellation))
                {
                    yield return item;
                }

                yield break;
            }
            else
            {
                IsSequence = true;
                long line = _line;
                yield return (await ItemAsync(isLine: true, cancellation)) with { Number = line };
            }

            isFirst = false;
        }
    }

    private async IAsyncEnumerable<JsonItem> ElementsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        long number = 0;
        while (await SkipAsync(",", cancellation) is var next and not None)
        {
            if (next == ']')
            {
                _start++;
                yield break;
            }

            yield return (await ItemAsync(isLine: false, cancellation)) with { Number = ++number };
        }
    }

    private async IAsyncEnumerable<JsonItem> HeldAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        _start++;
        while (await SkipAsync(",", cancellation) is var next and not None and not '}')
        {
            string name = Encoding.UTF8.GetString((await ItemAsync(isLine: false, cancellation)).Bytes ?? []).Trim('"');
            next = await SkipAsync(":", cancellation);
            if (next == '[' && Holders.Contains(name))
            {
                _start++;
                await foreach (JsonItem item in ElementsAsync(cancellation))
                {
                    yield return item;
                }

                yield break;
            }

            await ItemAsync(isLine: false, cancellation);
        }
    }

    /// <summary>Whether the object at hand is the only value, and no row but a holder of rows. What is longer than any row is a holder.</summary>
    private async ValueTask<bool> IsHolderAsync(CancellationToken cancellation)
    {
        var scan = default(JsonScan);
        int at = 0;
        while (true)
        {
            while (_start + at < _end)
            {
                if (scan.Ends(_buffer[_start + at++], isLine: false, out _))
                {
                    break;
                }
            }

            if (scan.IsOver)
            {
                break;
            }

            if (at > MaxItemBytes)
            {
                return true;
            }

            if (!await FillAsync(cancellation))
            {
                return false;
            }
        }

        byte[] bytes = _buffer.AsSpan(_start, at).ToArray();
        bool isAlone = true;
        for (int behind = at; ; behind++)
        {
            if (_start + behind == _end && !await FillAsync(cancellation))
            {
                break;
            }

            if (_buffer[_start + behind] > ' ')
            {
                isAlone = false;
                break;
            }
        }

        return isAlone && JsonRows.HoldsRows(bytes, Holders);
    }

    /// <summary>The next byte that is neither white space nor one of these separators, without taking it; -1 at the end.</summary>
    private async ValueTask<int> SkipAsync(string separators, CancellationToken cancellation)
    {
        while (true)
        {
            while (_start < _end)
            {
                byte next = _buffer[_start];
                if (next > ' ' && !separators.Contains((char)next))
                {
                    return next;
                }

                _line += next == '\n' ? 1 : 0;
                _start++;
            }

            if (!await FillAsync(cancellation))
            {
                return None;
            }
        }
    }

    private async ValueTask<JsonItem> ItemAsync(bool isLine, CancellationToken cancellation)
    {
        var scan = default(JsonScan);
        int length = 0;
        bool isTooLong = false;
        while (true)
        {
            while (_start + length < _end)
            {
                byte next = _buffer[_start + length];
                if (scan.Ends(next, isLine, out bool isTaken))
                {
                    length += isTaken ? 1 : 0;
                    return Taken(length, isTooLong);
                }

                length++;
                _line += next == '\n' ? 1 : 0;
            }

            if (length > MaxItemBytes)
            {
                (isTooLong, _start, length) = (true, _start + length, 0);
            }

            if (!await FillAsync(cancellation))
            {
                return Taken(length, isTooLong);
            }
        }
    }

    private JsonItem Taken(int length, bool isTooLong)
    {
        byte[]? bytes = isTooLong ? null : _buffer.AsSpan(_start, length).ToArray();
        _start += length;
        return new JsonItem(0, bytes);
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
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

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
        _end += read;
        _ended = read == 0;
        return !_ended;
    }

    /// <summary>Finds the end of a value, byte by byte.</summary>
    private struct JsonScan
    {
        private int _depth;
        private bool _isBegun;
        private bool _inText;
        private bool _isEscaped;
        private bool _wasLineEnd;
        private byte _last;

        public bool IsOver { get; private set; }

        /// <summary>Whether a byte is the value's last one, or the first behind it.</summary>
        /// <param name="next">The byte.</param>
        /// <param name="isLine">Whether another value may begin on the next line, so that a broken one ends with its line.</param>
        /// <param name="isTaken">Whether the byte belongs to the value.</param>
        public bool Ends(byte next, bool isLine, out bool isTaken)
        {
            isTaken = true;
            if (_inText)
            {
                return EndsInText(next, isLine, ref isTaken);
            }

            if (next is (byte)'\n')
            {
                _wasLineEnd = true;
            }

            if (next <= ' ')
            {
                return _isBegun && _depth == 0 && Over(false, ref isTaken);
            }

            if (isLine && _wasLineEnd && next == '{' && _depth > 0 && _last is not ((byte)':' or (byte)',' or (byte)'[' or (byte)'{'))
            {
                return Over(false, ref isTaken);
            }

            _wasLineEnd = false;
            bool wasBegun = _isBegun;
            _isBegun = true;
            _last = next;
            switch (next)
            {
                case (byte)'"':
                    _inText = true;
                    return false;
                case (byte)'{' or (byte)'[':
                    _depth++;
                    return false;
                case (byte)'}' or (byte)']' when _depth > 0:
                    _depth--;
                    return _depth == 0 && Over(true, ref isTaken);
                case (byte)'}' or (byte)']' or (byte)',' or (byte)':' when _depth == 0:
                    return Over(!wasBegun, ref isTaken);
                default:
                    return false;
            }
        }

        private bool EndsInText(byte next, bool isLine, ref bool isTaken)
        {
            if (next == '\n' && isLine)
            {
                return Over(false, ref isTaken);
            }

            if (_isEscaped)
            {
                _isEscaped = false;
            }
            else if (next == '\\')
            {
                _isEscaped = true;
            }
            else if (next == '"')
            {
                _inText = false;
                return _depth == 0 && Over(true, ref isTaken);
            }

            return false;
        }

        private bool Over(bool withThis, ref bool isTaken)
        {
            isTaken = withThis;
            IsOver = true;
            return true;
        }
    }
}

/// <summary>One value that is a row.</summary>
/// <param name="Number">The line that it begins on; of an array's element its number.</param>
/// <param name="Bytes">The value; null when it is too long.</param>
internal readonly record struct JsonItem(long Number, byte[]? Bytes);
