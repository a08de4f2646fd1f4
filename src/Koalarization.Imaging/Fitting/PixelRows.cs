using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Fitting;

/// <summary>
/// Rows of bytes in memory that is pinned while this lives. Behind the last row lie at least <see cref="Picture.SlackBytes"/> bytes more
/// that belong to the same buffer: kernels read and write whole vectors.
/// </summary>
internal readonly unsafe ref struct PixelRows
{
    public PixelRows(byte* start, int rows, int rowBytes, int strideBytes)
    {
        Start = start;
        Rows = rows;
        RowBytes = rowBytes;
        StrideBytes = strideBytes;
    }

    /// <summary>The first row.</summary>
    public byte* Start { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Bytes of a row that mean something.</summary>
    public int RowBytes { get; }

    /// <summary>Bytes from one row to the next.</summary>
    public int StrideBytes { get; }

    /// <summary>One row.</summary>
    public Span<byte> Row(int y) => new(Start + ((nint)y * StrideBytes), RowBytes);
}
