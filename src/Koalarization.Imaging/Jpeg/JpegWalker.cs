namespace Koalarization.Imaging.Jpeg;

/// <summary>
/// Walks from marker to marker as libjpeg does: bytes that belong to no segment are passed over, entropy-coded data up to the next
/// marker other than RSTn is taken as the scan's. Reads nothing outside the span, ends at EOI or where a segment is cut off.
/// </summary>
internal ref struct JpegWalker
{
    private readonly ReadOnlySpan<byte> _jpeg;
    private readonly bool _passesShortSegments;
    private int _position;
    private bool _inScan;

    /// <param name="jpeg">A file that begins with FF D8.</param>
    /// <param name="passesShortSegments">Whether a segment of length 0 or 1, which has not even its length in it, is taken for an empty one, as libjpeg does.</param>
    public JpegWalker(ReadOnlySpan<byte> jpeg, bool passesShortSegments)
    {
        _jpeg = jpeg;
        _passesShortSegments = passesShortSegments;
        _position = 2;
    }

    /// <summary>The segment that the last successful <see cref="MoveNext"/> reached.</summary>
    public JpegSegment Current { get; private set; }

    /// <summary>Goes on outside of entropy-coded data, at an offset.</summary>
    public void ContinueAt(int offset)
    {
        _position = offset;
        _inScan = false;
    }

    /// <summary>The scans from the present one to the end of the picture.</summary>
    public readonly int ScansFromHere()
    {
        int scans = 1;
        JpegWalker walker = this;
        while (walker.MoveNext() && walker.Current.Marker != JpegMarker.EndOfImage)
        {
            scans += walker.Current.Marker == JpegMarker.StartOfScan ? 1 : 0;
        }

        return scans;
    }

    /// <summary>Goes to the next marker; false where the file is cut off.</summary>
    public bool MoveNext()
    {
        int gapStart = _position;
        int gapEnd = gapStart;
        int at = _position;
        while (true)
        {
            int found = _jpeg[at..].IndexOf((byte)0xFF);
            if (found < 0)
            {
                return false;
            }

            gapEnd = at + found;
            at = gapEnd + 1;
            while (at < _jpeg.Length && _jpeg[at] == 0xFF)
            {
                at++;
            }

            if (at >= _jpeg.Length)
            {
                return false;
            }

            byte marker = _jpeg[at];
            bool belongsToData = marker == 0 || (_inScan && JpegMarker.IsRestart(marker));
            if (!belongsToData)
            {
                return Enter(marker, at, gapStart, _inScan ? 0 : gapEnd - gapStart);
            }

            at++;
        }
    }

    private bool Enter(byte marker, int markerOffset, int gapOffset, int gapBytes)
    {
        int bodyStart = markerOffset + 1;
        int bodyEnd = bodyStart;
        if (!JpegMarker.HasNoSegment(marker))
        {
            if (bodyStart + 2 > _jpeg.Length)
            {
                return false;
            }

            int length = (_jpeg[bodyStart] << 8) | _jpeg[bodyStart + 1];
            bodyStart += 2;
            bodyEnd = bodyStart + Math.Max(0, length - 2);
            if ((length < 2 && !_passesShortSegments) || bodyEnd > _jpeg.Length)
            {
                return false;
            }
        }

        Current = new JpegSegment(marker, markerOffset, gapOffset, gapBytes, bodyStart..bodyEnd);
        _inScan = marker == JpegMarker.StartOfScan;
        _position = bodyEnd;
        return true;
    }
}

/// <summary>One marker as met while walking through a JPEG.</summary>
/// <param name="Marker">The marker's second byte.</param>
/// <param name="MarkerOffset">The offset of its second byte.</param>
/// <param name="GapOffset">Where the bytes begin between the previous segment's end and this marker; they are no marker's.</param>
/// <param name="GapBytes">How many such bytes there are ("extraneous"), FF fill bytes directly before the marker not counted.</param>
/// <param name="Body">The segment's contents behind its length; empty for markers without a segment.</param>
internal readonly record struct JpegSegment(byte Marker, int MarkerOffset, int GapOffset, int GapBytes, Range Body);
