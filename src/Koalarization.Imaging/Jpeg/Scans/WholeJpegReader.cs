using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;

namespace Koalarization.Imaging.Jpeg.Scans;

/// <summary>Goes through a JPEG as libjpeg does, segment by segment and block by block, and copies what the picture is made of.</summary>
internal ref struct WholeJpegReader
{
    private const int TableNumbers = 4;
    private const int JfifBytes = 14;
    private const int AdobeBytes = 12;
    private const int AdobeTransform = 11;

    private readonly ReadOnlySpan<byte> _jpeg;
    private readonly JpegHeader _header;
    private readonly ArrayBufferWriter<byte> _copy = new();
    private readonly List<string> _oddities = [];
    private readonly HuffmanTable?[] _dc = new HuffmanTable?[TableNumbers];
    private readonly HuffmanTable?[] _ac = new HuffmanTable?[TableNumbers];
    private readonly ArithmeticConditioning _conditioning = new();
    private readonly bool[] _hasQuantisation = new bool[TableNumbers];
    private JpegWalker _walker;
    private Frame? _frame;
    private int _restartInterval;
    private int _scans;
    private int _gapBytes;
    private bool _endsCleanly;
    private bool _isEnded;

    public WholeJpegReader(ReadOnlySpan<byte> jpeg, JpegHeader header)
    {
        _jpeg = jpeg;
        _header = header;
        _walker = new JpegWalker(jpeg, passesShortSegments: true);
    }

    public readonly ReadOnlyMemory<byte> Copy => _copy.WrittenMemory;

    public readonly IReadOnlyList<string> Oddities => _oddities;

    /// <summary>Reads to the end of the picture; what is wrong with it, or null.</summary>
    public string? Read()
    {
        _copy.Write((ReadOnlySpan<byte>)[0xFF, JpegMarker.StartOfImage]);
        _copy.Write(StandardTables.Segment);
        bool hasOwnTables = false;
        while (!_isEnded)
        {
            bool isComplete = IsComplete();
            if (!_walker.MoveNext())
            {
                string? lack = isComplete ? EndWithoutMarker("has no end marker")
                    : _scans == 0 ? "ends before its first scan"
                    : "ends before its end marker";
                if (lack is not null)
                {
                    return lack;
                }

                break;
            }

            _gapBytes += _walker.Current.GapBytes;
            hasOwnTables |= _walker.Current.Marker == JpegMarker.HuffmanTables;
            if (ReadSegment(_walker.Current) is string fault)
            {
                if ((isComplete ? EndWithoutMarker("has other data in place of its end marker") : fault) is string lack)
                {
                    return lack;
                }

                break;
            }
        }

        if (_frame!.Components.Any(component => !component.IsScanned))
        {
            return "has no data for one of its components";
        }

        if (_frame.IsArithmetic && !IsComplete())
        {
            return "has not all of its scans";
        }

        if (_frame.IsArithmetic && !new HuffmanScanWriter(_copy).TryWrite(_frame))
        {
            return "has coefficients that no picture of 8 bits has";
        }

        _copy.Write((ReadOnlySpan<byte>)[0xFF, JpegMarker.EndOfImage]);
        AddOddity(!hasOwnTables && !_frame.IsArithmetic, "has no Huffman tables (the standard ones are used)");
        AddOddity(_gapBytes > 0, string.Create(CultureInfo.InvariantCulture, $"has {_gapBytes} {(_gapBytes == 1 ? "byte that belongs" : "bytes that belong")} to no segment"));
        return null;
    }

    private static bool IsSigned(ReadOnlySpan<byte> body, ReadOnlySpan<byte> signature, int bytes) => body.Length >= bytes && body.StartsWith(signature);

    /// <summary>Whether the picture can be whole although the file says no more.</summary>
    private readonly bool IsComplete() =>
        _frame is Frame frame && frame.Components.All(component =>
            component.IsScanned && (!frame.IsProgressive || component.LowestBit.All(bit => bit == 0)));

    private string? ReadSegment(JpegSegment segment)
    {
        ReadOnlySpan<byte> body = _jpeg[segment.Body];
        switch (segment.Marker)
        {
            case byte marker when JpegMarker.IsStartOfFrame(marker):
                return ReadFrame(marker, body);
            case JpegMarker.StartOfScan:
                return ReadScan(segment);
            case JpegMarker.EndOfImage:
                End(segment);
                return null;
            case JpegMarker.StartOfImage:
                return "has two beginnings";
            case JpegMarker.HuffmanTables:
                return CopyIf(ReadHuffmanTables(body, onlyMissing: false), segment, "has Huffman tables that are none");
            case JpegMarker.QuantisationTables:
                return CopyIf(ReadQuantisationTables(body), segment, "has quantisation tables that are none");
            case JpegMarker.RestartInterval:
                _restartInterval = body.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(body) : 0;
                return CopyIf(body.Length == 2, segment, "has a restart interval of the wrong length");
            case JpegMarker.ArithmeticConditioning:
                return _conditioning.TryRead(body) ? null : "has arithmetic conditioning that is none";
            case JpegMarker.JfifSegment when _scans == 0 && IsSigned(body, "JFIF\0"u8, JfifBytes):
                CopyJfif(body);
                return null;
            case JpegMarker.AdobeSegment when _scans == 0 && IsSigned(body, "Adobe"u8, AdobeBytes):
                CopyAdobe(body);
                return null;
            case byte marker when marker is (>= JpegMarker.JfifSegment and <= JpegMarker.LastAppSegment) or JpegMarker.Comment
                or JpegMarker.NumberOfLines or 0x01 || JpegMarker.IsRestart(marker):
                return null;
            default:
                return string.Create(CultureInfo.InvariantCulture, $"has a marker that is none (FF {segment.Marker:X2})");
        }
    }

    private string? ReadFrame(byte marker, ReadOnlySpan<byte> body)
    {
        if (_frame is not null)
        {
            return "has two frame headers";
        }

        _frame = Frame.TryRead(marker, body);
        if (_frame is null)
        {
            return "has a frame header of the wrong length";
        }

        Write(_frame.IsArithmetic ? JpegMarker.StartOfFrameExtended : marker, body);
        return null;
    }

    private string? ReadScan(JpegSegment segment)
    {
        // As libjpeg: a progressive picture must have its tables.
        if (_scans == 0 && _frame is { IsProgressive: false })
        {
            ReadHuffmanTables(StandardTables.Segment.AsSpan(StandardTables.HeadBytes), onlyMissing: true);
        }

        if (_scans++ == 0 && MaySendMore(_jpeg[segment.Body]) && _walker.ScansFromHere() > JpegHeader.MaxScans)
        {
            return string.Create(CultureInfo.InvariantCulture, $"has more than {JpegHeader.MaxScans} scans");
        }

        byte[] header = _jpeg[segment.Body].ToArray();
        if (NewScan(header, out string? fault) is not Scan scan)
        {
            return fault;
        }

        if (_frame!.IsArithmetic)
        {
            return ReadArithmetic(scan, header, segment.Body.End.Value);
        }

        var reader = new HuffmanScanReader(_jpeg, scan, segment.Body.End.Value);
        if (reader.Read() is string damage)
        {
            return damage;
        }

        Write(JpegMarker.StartOfScan, header);
        for (int i = 0; i < reader.Intervals.Count; i++)
        {
            if (i > 0)
            {
                _copy.Write((ReadOnlySpan<byte>)[0xFF, (byte)(JpegMarker.FirstRestart + ((i - 1) % 8))]);
            }

            _copy.Write(_jpeg[reader.Intervals[i]]);
        }

        _gapBytes += reader.StrayBytes;
        _endsCleanly = reader.EndsCleanly;
        return EndScan(scan, header, reader.End);
    }

    private string? EndScan(Scan scan, ReadOnlySpan<byte> header, int end)
    {
        _walker.ContinueAt(end);
        MarkScanned(scan);
        return MaySendMore(header) ? null : EndAfterOnlyScan();
    }

    private void End(JpegSegment endMarker)
    {
        _isEnded = true;
        int behind = _jpeg.Length - endMarker.MarkerOffset - 1;
        AddOddity(behind > 0, string.Create(CultureInfo.InvariantCulture, $"has {behind} {(behind == 1 ? "byte" : "bytes")} behind its end"));
    }

    // One scan of all components is the whole picture: what follows it changes nothing.
    private string? EndAfterOnlyScan()
    {
        _isEnded = true;
        int gap = 0;
        while (_walker.MoveNext())
        {
            gap += _walker.Current.GapBytes;
            if (_walker.Current.Marker == JpegMarker.EndOfImage)
            {
                _gapBytes += gap;
                End(_walker.Current);
                return null;
            }

            if (!JpegMarker.IsRestart(_walker.Current.Marker) && _walker.Current.Marker != JpegMarker.NumberOfLines)
            {
                return EndWithoutMarker("has other data in place of its end marker");
            }
        }

        return EndWithoutMarker("has no end marker");
    }

    private readonly string? EndWithoutMarker(string oddity)
    {
        _oddities.Add(oddity);
        return _endsCleanly ? null : "has other data before its last block";
    }

    private readonly bool MaySendMore(ReadOnlySpan<byte> scanHeader) =>
        _frame is { IsProgressive: true } || (scanHeader.Length > 0 && scanHeader[0] < _frame?.Components.Length);

    /// <summary>The scan of a header, which is corrected where a sequential one has values that it cannot have; null with what is wrong.</summary>
    private Scan? NewScan(Span<byte> header, out string? fault)
    {
        fault = "has a scan header that is none";
        int count = header.Length > 0 ? header[0] : 0;
        if (_frame is null || count is < 1 or > 4 || header.Length != 4 + (2 * count))
        {
            return null;
        }

        Span<byte> range = header[^3..];
        if (!_frame.IsProgressive && !range.SequenceEqual<byte>([0, 63, 0]))
        {
            _oddities.Add("has scan parameters that are not those of a sequential picture");
            range[0] = 0;
            range[1] = 63;
            range[2] = 0;
        }

        var scan = new Scan
        {
            Frame = _frame,
            Components = ComponentsOf(header, count),
            First = range[0],
            Last = range[1],
            High = range[2] >> 4,
            Low = range[2] & 15,
            RestartInterval = _restartInterval,
        };
        fault = scan.Components.Count < count ? "has a scan of components that it has not, or with tables that it has not"
            : scan.IsInterleaved && scan.BlocksInMcu > 10 ? "has more than ten blocks in an MCU"
            : !HaveQuantisation(scan) ? "has no quantisation table"
            : _frame.IsProgressive ? JudgeProgression(scan)
            : null;
        return fault is null ? scan : null;
    }

    private readonly bool HaveQuantisation(Scan scan)
    {
        bool[] has = _hasQuantisation;
        return scan.Components.All(component => component.Component.Quantisation < has.Length && has[component.Component.Quantisation]);
    }

    // As libjpeg looks them up: it passes over a component whose position in the scan is taken already.
    private readonly List<ScanComponent> ComponentsOf(ReadOnlySpan<byte> header, int count)
    {
        var found = new List<ScanComponent>(count);
        bool readsDc = !_frame!.IsProgressive || (header[^3] == 0 && header[^1] >> 4 == 0);
        bool readsAc = !_frame.IsProgressive || header[^3] != 0;
        for (int i = 0; i < count; i++)
        {
            (byte id, int tables) = (header[1 + (2 * i)], header[2 + (2 * i)]);
            FrameComponent? component = _frame.Components.Where((candidate, at) => at >= i && candidate.Id == id).FirstOrDefault();
            if (component is null || found.Exists(earlier => earlier.Component == component))
            {
                break;
            }

            HuffmanTable? dc = readsDc && !_frame.IsArithmetic ? TableOf(_dc, tables >> 4) : null;
            HuffmanTable? ac = readsAc && !_frame.IsArithmetic ? TableOf(_ac, tables & 15) : null;
            if (!_frame.IsArithmetic && ((readsDc && dc is not { IsPossible: true, IsForDc: true }) || (readsAc && ac is not { IsPossible: true })))
            {
                break;
            }

            found.Add(new ScanComponent(component, dc, ac, tables >> 4, tables & 15));
        }

        return found;
    }

    private static HuffmanTable? TableOf(HuffmanTable?[] tables, int number) => number < tables.Length ? tables[number] : null;

    private static string? JudgeProgression(Scan scan)
    {
        bool isPossible = scan.First == 0 ? scan.Last == 0 : scan.First <= scan.Last && scan.Last <= 63 && !scan.IsInterleaved;
        if (!isPossible || (scan.High != 0 && scan.Low != scan.High - 1) || scan.Low > 13)
        {
            return "has a scan header that is none";
        }

        foreach (FrameComponent component in scan.Components.Select(component => component.Component))
        {
            if (scan.First > 0 && component.LowestBit[0] < 0)
            {
                return "has scans out of order";
            }

            for (int k = scan.First; k <= scan.Last; k++)
            {
                if (scan.High != Math.Max(0, component.LowestBit[k]))
                {
                    return "has scans out of order";
                }

                component.LowestBit[k] = scan.Low;
            }
        }

        return null;
    }

    private static void MarkScanned(Scan scan)
    {
        foreach (ScanComponent component in scan.Components)
        {
            component.Component.IsScanned = true;
        }
    }

    private readonly bool ReadHuffmanTables(ReadOnlySpan<byte> body, bool onlyMissing)
    {
        while (body.Length >= 1 + HuffmanTable.LongestCode)
        {
            ReadOnlySpan<byte> counts = body.Slice(1, HuffmanTable.LongestCode);
            int number = body[0] & 0xEF, values = 0;
            foreach (byte count in counts)
            {
                values += count;
            }

            if (values > 256 || values > body.Length - 1 - HuffmanTable.LongestCode || number >= TableNumbers)
            {
                return false;
            }

            HuffmanTable?[] tables = (body[0] & 0x10) != 0 ? _ac : _dc;
            if (!onlyMissing || tables[number] is null)
            {
                tables[number] = HuffmanTable.From(counts, body.Slice(1 + HuffmanTable.LongestCode, values));
            }

            body = body[(1 + HuffmanTable.LongestCode + values)..];
        }

        return body.IsEmpty;
    }

    private readonly bool ReadQuantisationTables(ReadOnlySpan<byte> body)
    {
        while (!body.IsEmpty)
        {
            int number = body[0] & 15, bytes = 1 + (body[0] >> 4 == 0 ? 64 : 128);
            if (number >= TableNumbers || bytes > body.Length)
            {
                return false;
            }

            _hasQuantisation[number] = true;
            body = body[bytes..];
        }

        return true;
    }

    // Not every library reads arithmetic coding: the copy is Huffman-coded.
    private string? ReadArithmetic(Scan scan, ReadOnlySpan<byte> header, int start)
    {
        var reader = new ArithmeticScanReader(_jpeg, scan, _conditioning, start);
        if (reader.Read() is string damage)
        {
            return damage;
        }

        _endsCleanly = reader.EndsCleanly;
        return EndScan(scan, header, reader.End);
    }

    private void CopyJfif(ReadOnlySpan<byte> body)
    {
        if (body[5] != 1)
        {
            _oddities.Add(string.Create(CultureInfo.InvariantCulture, $"says that it is JFIF {body[5]}.{body[6]:00}"));
        }

        Write(JpegMarker.JfifSegment, [.. "JFIF\0"u8, 1, 1, .. body[7..12], 0, 0]);
    }

    private void CopyAdobe(ReadOnlySpan<byte> body)
    {
        // Others than none and this one libjpeg takes for this one.
        byte transform = body[AdobeTransform], usual = (byte)(_header.Components == 4 ? 2 : 1);
        if (transform != 0 && transform != usual && _header.Components != 1)
        {
            AddOddity(true, string.Create(CultureInfo.InvariantCulture, $"has an Adobe colour transform of {transform}, which is none"));
            transform = usual;
        }

        Write(JpegMarker.AdobeSegment, [.. body[..AdobeTransform], transform]);
    }

    // A table segment whose length does not even count itself is one that libjpeg stops at.
    private string? CopyIf(bool isSound, JpegSegment segment, string fault)
    {
        if (!isSound || BinaryPrimitives.ReadUInt16BigEndian(_jpeg[(segment.MarkerOffset + 1)..]) < 2)
        {
            return fault;
        }

        Write(segment.Marker, _jpeg[segment.Body]);
        return null;
    }

    private readonly void Write(byte marker, ReadOnlySpan<byte> body)
    {
        Span<byte> head = [0xFF, marker, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)(body.Length + 2));
        _copy.Write(head);
        _copy.Write(body);
    }

    private readonly void AddOddity(bool isSo, string oddity)
    {
        if (isSo)
        {
            _oddities.Add(oddity);
        }
    }
}
