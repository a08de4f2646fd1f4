using System.Text;

namespace Koalarization.Koala.Reporting;

/// <summary>A line for a terminal, with its width in columns.</summary>
internal sealed class StyledLine
{
    private const string Reset = "\e[0m";

    private readonly StringBuilder _plain = new();
    private readonly StringBuilder _coloured = new();

    /// <summary>Columns: all that is in it are letters of one column each.</summary>
    public int Width => _plain.Length;

    /// <summary>The line without colours.</summary>
    public string Plain => _plain.ToString();

    /// <summary>The line with escapes for its colours.</summary>
    public string Coloured => _coloured.ToString();

    /// <param name="text">More of the line.</param>
    /// <param name="colour">Its colour, as in an SGR escape; null: the terminal's own.</param>
    public StyledLine Add(string text, string? colour = null)
    {
        _plain.Append(text);
        _coloured.Append(colour is null || text.Length == 0 ? text : $"\e[{colour}m{text}{Reset}");
        return this;
    }

    public override string ToString() => Plain;
}
