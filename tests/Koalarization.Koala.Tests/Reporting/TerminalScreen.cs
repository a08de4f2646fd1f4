using System.Globalization;
using System.Text;

namespace Koalarization.Koala.Tests.Reporting;

/// <summary>A small terminal: what the escapes that a command may use do to a screen. Any other escape is refused.</summary>
internal sealed class TerminalScreen(int columns, int rows) : TextWriter
{
    private readonly List<char[]> _lines = [.. Enumerable.Range(0, rows).Select(_ => Blank(columns))];
    private readonly StringBuilder _escape = new();

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Where the cursor is.</summary>
    public (int Row, int Column) Cursor { get; private set; }

    /// <summary>Letters that did not fit into their line.</summary>
    public int Wrapped { get; private set; }

    /// <summary>Escapes for colours.</summary>
    public int Colours { get; private set; }

    /// <summary>Lines that left the screen at its top, and those on it, without blanks at their ends.</summary>
    public List<string> Scrolled { get; } = [];

    /// <summary>The lines of the screen, without the empty ones at its end.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            string[] lines = [.. _lines.Select(Text)];
            return lines[..(Array.FindLastIndex(lines, line => line.Length > 0) + 1)];
        }
    }

    public override void Write(string? value)
    {
        foreach (char letter in value ?? "")
        {
            Write(letter);
        }
    }

    public override void Write(char value)
    {
        if (_escape.Length > 0 || value == '\e')
        {
            _escape.Append(value);
            if (_escape.Length > 2 && char.IsAsciiLetter(value))
            {
                Obey(_escape.ToString());
                _escape.Clear();
            }
        }
        else if (value == '\r')
        {
            Cursor = (Cursor.Row, 0);
        }
        else if (value == '\n')
        {
            Feed();
        }
        else
        {
            Print(value);
        }
    }

    private static char[] Blank(int columns) => [.. Enumerable.Repeat(' ', columns)];

    private static string Text(char[] line) => new string(line).TrimEnd();

    private void Print(char letter)
    {
        if (Cursor.Column == columns)
        {
            Wrapped++;
            Feed();
        }

        _lines[Cursor.Row][Cursor.Column] = letter;
        Cursor = (Cursor.Row, Cursor.Column + 1);
    }

    private void Feed()
    {
        Cursor = (Cursor.Row + 1, 0);
        if (Cursor.Row == rows)
        {
            Scrolled.Add(Text(_lines[0]));
            _lines.RemoveAt(0);
            _lines.Add(Blank(columns));
            Cursor = (rows - 1, 0);
        }
    }

    private void Obey(string escape)
    {
        string number = escape[2..^1];
        switch (escape[^1])
        {
            case 'm':
                Colours++;
                break;
            case 'A':
                Cursor = (Math.Max(0, Cursor.Row - int.Parse(number, CultureInfo.InvariantCulture)), Cursor.Column);
                break;
            case 'K' when number.Length == 0:
                _lines[Cursor.Row].AsSpan(Math.Min(Cursor.Column, columns)).Fill(' ');
                break;
            case 'J' when number.Length == 0:
                _lines[Cursor.Row].AsSpan(Math.Min(Cursor.Column, columns)).Fill(' ');
                for (int row = Cursor.Row + 1; row < rows; row++)
                {
                    _lines[row] = Blank(columns);
                }

                break;
            default:
                throw new InvalidOperationException($"The terminal does not know {escape.Replace("\e", "ESC")}.");
        }
    }
}
