using System.Text;
using System.Text.Unicode;

namespace Koalarization.Harvest.Links;

/// <summary>The lines of a list as text, with their numbers. Lines that were read ahead can be given back.</summary>
internal sealed class ListLines(Stream utf8, LinkListCounts counts) : IDisposable
{
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    private readonly ListLineReader _bytes = new(utf8, LinkSource.MaxLineBytes);
    private readonly Stack<TextLine> _back = new();
    private bool _hasBytes;
    private long _number;

    /// <summary>The next line, or null at the end.</summary>
    public async ValueTask<TextLine?> NextAsync(CancellationToken cancellation)
    {
        if (_back.TryPop(out TextLine line))
        {
            return line;
        }

        while (true)
        {
            if (_hasBytes && TryNext(out line))
            {
                return line;
            }

            _hasBytes = await _bytes.FillAsync(cancellation);
            if (!_hasBytes)
            {
                return null;
            }
        }
    }

    /// <summary>Gives lines back: the first of them is the next one.</summary>
    public void GiveBack(IReadOnlyList<TextLine> lines)
    {
        for (int i = lines.Count - 1; i >= 0; i--)
        {
            _back.Push(lines[i]);
        }
    }

    public void Dispose() => _bytes.Dispose();

    private bool TryNext(out TextLine line)
    {
        if (!_bytes.TryNext(out ReadOnlySpan<byte> bytes, out bool tooLong))
        {
            line = default;
            return false;
        }

        _number++;
        if (tooLong)
        {
            line = new TextLine(_number, "", IsTooLong: true);
        }
        else if (Utf8.IsValid(bytes))
        {
            line = new TextLine(_number, Encoding.UTF8.GetString(bytes), IsTooLong: false);
        }
        else
        {
            counts.AddRecoded();
            line = new TextLine(_number, Windows1252.GetString(bytes), IsTooLong: false);
        }

        return true;
    }
}

/// <summary>One line of a list.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Text">The line without its end; empty when it is too long.</param>
/// <param name="IsTooLong">Whether it is longer than <see cref="LinkSource.MaxLineBytes"/>.</param>
internal readonly record struct TextLine(long Number, string Text, bool IsTooLong);
