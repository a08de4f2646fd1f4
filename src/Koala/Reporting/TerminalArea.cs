using System.Text;

namespace Koalarization.Koala.Reporting;

/// <summary>
/// Lines at the end of a terminal that are drawn again and again in their place, each time by one write. The cursor stays on the line below them, so that what
/// others print, and the ^C of a keyboard, does not mix with them. Not thread-safe.
/// </summary>
/// <param name="terminal">The terminal.</param>
/// <param name="isColoured">Whether colours are used.</param>
internal sealed class TerminalArea(TextWriter terminal, bool isColoured)
{
    private const string ClearToEndOfLine = "\e[K";
    private const string ClearToEndOfScreen = "\e[J";

    private IReadOnlyList<StyledLine> _lines = [];
    private int _width;

    /// <summary>Draws lines in the place of those before.</summary>
    /// <param name="lines">The lines; each fits.</param>
    /// <param name="width">Columns of the terminal now.</param>
    public void Draw(IReadOnlyList<StyledLine> lines, int width)
    {
        if (width != _width || !lines.Select(line => line.Plain).SequenceEqual(_lines.Select(line => line.Plain)))
        {
            Write(new StringBuilder(), lines, width);
        }
    }

    /// <summary>Writes text above the lines, which stays.</summary>
    public void WriteAbove(string text, IReadOnlyList<StyledLine> lines, int width)
    {
        StringBuilder escapes = Erasing(width).Append(text).Append('\n');
        _lines = [];
        Write(escapes, lines, width);
    }

    /// <summary>Removes the lines.</summary>
    public void Clear(int width)
    {
        if (_lines.Count > 0)
        {
            terminal.Write(Erasing(width).ToString());
            terminal.Flush();
            _lines = [];
        }
    }

    private void Write(StringBuilder before, IReadOnlyList<StyledLine> lines, int width)
    {
        // Where the width is another, lines may have been broken into several.
        StringBuilder text = width == _width ? before.Append(ToFirstLine(width)) : before.Append(Erasing(width));
        foreach (StyledLine line in lines)
        {
            text.Append(isColoured ? line.Coloured : line.Plain).Append(ClearToEndOfLine).Append('\n');
        }

        terminal.Write(text.Append(ClearToEndOfScreen).ToString());
        terminal.Flush();
        (_lines, _width) = (lines, width);
    }

    private StringBuilder Erasing(int width) => new StringBuilder(ToFirstLine(width)).Append(_lines.Count > 0 ? ClearToEndOfScreen : "");

    private string ToFirstLine(int width)
    {
        int rows = _lines.Sum(line => Math.Max(1, (line.Width + width - 1) / width));
        return rows > 0 ? $"\r\e[{rows}A" : "\r";
    }
}
