namespace Koalarization.Imaging.Jpeg.Turbo;

/// <summary>Copies of a JPEG without bytes that belong to no segment, so that a fault which their warning hides comes to light.</summary>
internal static class ExtraneousBytes
{
    /// <summary>The file without the bytes between its segments; null when it has none.</summary>
    public static byte[]? CutGaps(ReadOnlySpan<byte> jpeg)
    {
        var kept = new List<Range>();
        int from = 0;
        var walker = new JpegWalker(jpeg, passesShortSegments: false);
        while (walker.MoveNext())
        {
            JpegSegment segment = walker.Current;
            if (segment.GapBytes > 0)
            {
                kept.Add(from..segment.GapOffset);
                from = segment.GapOffset + segment.GapBytes;
            }

            if (segment.Marker == JpegMarker.EndOfImage)
            {
                break;
            }
        }

        return kept.Count == 0 ? null : Join(jpeg, [.. kept, from..jpeg.Length]);
    }

    /// <summary>
    /// For bytes at the end of entropy-coded data, where only a decoder knows where the data ends: one copy for each place where the
    /// bytes of the warning may be.
    /// </summary>
    public static IEnumerable<byte[]> CutBeforeEach(byte[] jpeg, TurboJpegWarning warning)
    {
        int at = 2;
        while (true)
        {
            int found = jpeg.AsSpan(at).IndexOf([(byte)0xFF, warning.Marker]);
            if (found < 0)
            {
                yield break;
            }

            at += found;
            if (at - warning.Bytes > 2)
            {
                yield return Join(jpeg, [0..(at - warning.Bytes), at..jpeg.Length]);
            }

            at += 2;
        }
    }

    private static byte[] Join(ReadOnlySpan<byte> jpeg, List<Range> ranges)
    {
        var bytes = new byte[ranges.Sum(range => range.End.Value - range.Start.Value)];
        int at = 0;
        foreach (Range range in ranges)
        {
            jpeg[range].CopyTo(bytes.AsSpan(at));
            at += range.End.Value - range.Start.Value;
        }

        return bytes;
    }
}
