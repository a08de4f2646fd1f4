using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Fitting;

/// <summary>
/// The two passes of LANCZOS over 8-bit samples; all kernels give the same bytes.
/// </summary>
internal interface ILanczosKernel
{
    /// <summary>Changes the width of every row: source rows of <c>table.Source * channels</c> bytes, target rows of <c>table.Target * channels</c>.</summary>
    /// <remarks>
    /// Target rows have at least one byte between them, which may be written, and the target has room for a multiple of
    /// <see cref="PairTile.RowsFor"/> rows.
    /// </remarks>
    void Horizontal(in PixelRows source, int channels, LanczosTable table, in PixelRows target);

    /// <summary>Changes the number of rows: <c>table.Source</c> rows to <c>table.Target</c> rows of the same bytes.</summary>
    /// <remarks>Up to <see cref="Picture.SlackBytes"/> bytes behind a target row's end may be written, before the row below is.</remarks>
    void Vertical(in PixelRows source, LanczosTable table, in PixelRows target);
}
