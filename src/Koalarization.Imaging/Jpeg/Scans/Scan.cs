namespace Koalarization.Imaging.Jpeg.Scans;

/// <summary>A scan's header (SOS), with what its data are decoded with.</summary>
internal sealed class Scan
{
    public required Frame Frame { get; init; }

    public required IReadOnlyList<ScanComponent> Components { get; init; }

    /// <summary>First coefficient, in zigzag order.</summary>
    public required int First { get; init; }

    /// <summary>Last coefficient.</summary>
    public required int Last { get; init; }

    /// <summary>The lowest bit that was sent before; 0: none was.</summary>
    public required int High { get; init; }

    /// <summary>The lowest bit that this scan sends.</summary>
    public required int Low { get; init; }

    /// <summary>MCUs between two restart markers; 0: there are none.</summary>
    public required int RestartInterval { get; init; }

    public bool IsInterleaved => Components.Count > 1;

    public int McusAcross => IsInterleaved ? Frame.McusAcross : Components[0].Component.BlocksAcross;

    public int McusDown => IsInterleaved ? Frame.McusDown : Components[0].Component.BlocksDown;

    public int BlocksInMcu => IsInterleaved ? Components.Sum(component => component.Component.Across * component.Component.Down) : 1;
}

/// <summary>A component of a scan, with the tables that the scan needs of it.</summary>
/// <param name="Component">Which one.</param>
/// <param name="Dc">Null where no DC code is read.</param>
/// <param name="Ac">Null where no AC code is read.</param>
/// <param name="DcTable">The number of its DC table.</param>
/// <param name="AcTable">The number of its AC table.</param>
internal sealed record ScanComponent(FrameComponent Component, HuffmanTable? Dc, HuffmanTable? Ac, int DcTable, int AcTable);
