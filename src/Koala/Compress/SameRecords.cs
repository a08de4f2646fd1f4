namespace Koalarization.Koala.Compress;

/// <summary>Compares two files by their records, byte for byte, however each is packed.</summary>
internal static class SameRecords
{
    private const int FramingBytes = 16;

    /// <summary>Reads both to their ends, or to the first difference.</summary>
    /// <param name="first">A file.</param>
    /// <param name="second">Another one.</param>
    /// <param name="progress">Receives the position in the first one.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <param name="size">Records, and the bytes of the plain file.</param>
    /// <exception cref="IOException">One of them is damaged.</exception>
    /// <exception cref="InvalidDataException">One of them is a damaged archive.</exception>
    public static bool In(string first, string second, PackingProgress progress, CancellationToken cancellation, out (long Records, long Plain) size)
    {
        size = default;
        using PackedRecords one = PackedRecords.Open(first), other = PackedRecords.Open(second);
        while (one.TryRead(out ReadOnlyMemory<byte> record))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!other.TryRead(out ReadOnlyMemory<byte> same) || !record.Span.SequenceEqual(same.Span))
            {
                return false;
            }

            size = (size.Records + 1, size.Plain + record.Length + FramingBytes);
            progress.Report(one.BytesRead);
        }

        return !other.TryRead(out _);
    }
}
