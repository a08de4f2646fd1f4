namespace Koalarization.Imaging.Jpeg.Scans;

/// <summary>
/// Whether every block of every row of a JPEG is decoded from the file's own data, and a copy of these data alone: same coefficients, so same
/// pixels, and nothing that a library warns of.
/// </summary>
/// <param name="Fault">Why not, as the end of a sentence that begins with the picture's name; null: it is whole.</param>
/// <param name="Copy">The copy; empty when it is not whole.</param>
/// <param name="Oddities">What is unusual with the file and costs no block, as ends of sentences.</param>
internal sealed record WholeJpeg(string? Fault, ReadOnlyMemory<byte> Copy, IReadOnlyList<string> Oddities)
{
    /// <param name="jpeg">The file.</param>
    /// <param name="header">Its header.</param>
    public static WholeJpeg Read(ReadOnlySpan<byte> jpeg, JpegHeader header)
    {
        var reader = new WholeJpegReader(jpeg, header);
        string? fault = reader.Read();
        return new WholeJpeg(fault, fault is null ? reader.Copy : default, reader.Oddities);
    }
}
