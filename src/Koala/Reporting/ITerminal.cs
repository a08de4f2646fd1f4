namespace Koalarization.Koala.Reporting;

/// <summary>What a terminal can do.</summary>
internal interface ITerminal
{
    /// <summary>Its columns and rows now.</summary>
    (int Width, int Height) Size { get; }

    /// <summary>Whether colours are wanted.</summary>
    bool HasColours { get; }

    /// <summary>Whether it shows more than ASCII.</summary>
    bool IsUnicode { get; }
}
