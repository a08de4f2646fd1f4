using System.Runtime.Intrinsics;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Fitting;

/// <summary>The two inner sums of LANCZOS for one set of vector instructions: weights times samples, rounded and clipped to bytes.</summary>
internal unsafe interface ILanczosSums
{
    /// <summary>Columns of bytes that <see cref="SumRows"/> takes at once, at most <see cref="Picture.SlackBytes"/>.</summary>
    static abstract int ColumnBytes { get; }

    /// <summary>One pixel of all rows of a <see cref="PairTile"/>: a byte for each lane.</summary>
    /// <param name="tile">The tile at the first pair of source pixels.</param>
    /// <param name="weights">Pairs of weights as in <see cref="LanczosTable.Pairs"/>.</param>
    /// <param name="count">How many pairs.</param>
    static abstract Vector256<byte> SumLanes(int* tile, int* weights, int count);

    /// <summary><see cref="ColumnBytes"/> bytes of one target row.</summary>
    /// <param name="source">All source rows.</param>
    /// <param name="x">The first column.</param>
    /// <param name="firstRow">The first source row of the first pair, even.</param>
    /// <param name="weights">Pairs of weights as in <see cref="LanczosTable.Pairs"/>.</param>
    /// <param name="count">How many pairs.</param>
    /// <param name="to">Where the bytes go.</param>
    static abstract void SumRows(in PixelRows source, int x, int firstRow, int* weights, int count, byte* to);
}
