namespace Koalarization.Imaging.Jpeg.Scans;

/// <summary>
/// Goes through the Huffman-coded data of a scan block by block, as libjpeg's decoders do, and computes no pixel: it tells whether each block's
/// codes are there, and where the data end.
/// </summary>
internal ref struct HuffmanScanReader
{
    private const int LastCoefficient = 63;

    // libjpeg-turbo decodes an MCU without looking for bad codes in a sequential scan without restarts, while so many bytes a block are left.
    private const int FastBytesInBlock = 512;

    private readonly ReadOnlySpan<byte> _jpeg;
    private readonly Scan _scan;
    private readonly List<Range> _intervals = [];
    private ScanBits _bits;
    private int _blocksOfRun;
    private bool _passedBadCode;

    /// <param name="jpeg">The file.</param>
    /// <param name="scan">The scan.</param>
    /// <param name="start">Where its data begin.</param>
    public HuffmanScanReader(ReadOnlySpan<byte> jpeg, Scan scan, int start)
    {
        _jpeg = jpeg;
        _scan = scan;
        _bits = new ScanBits(jpeg, start);
        Start = start;
    }

    /// <summary>Where the data of the interval in work begin.</summary>
    public int Start { get; private set; }

    /// <summary>The data of each restart interval, without what belongs to no block.</summary>
    public readonly IReadOnlyList<Range> Intervals => _intervals;

    /// <summary>Bytes before restart markers that belong to no block.</summary>
    public int StrayBytes { get; private set; }

    /// <summary>Where the data of the last block end.</summary>
    public readonly int End => _bits.End;

    /// <summary>Whether the data end as an encoder ends them: what follows is then not taken for the rest of data that were cut.</summary>
    public readonly bool EndsCleanly => End == _jpeg.Length || (_bits.IsPadded && !EndsInFill && !_passedBadCode);

    // Of a file that was cut and filled up, the fill is decoded as if it were codes.
    private readonly bool EndsInFill =>
        End - Start >= 2 && End < _jpeg.Length && _jpeg[End] == _jpeg[End - 1] && _jpeg[End] == _jpeg[End - 2];

    /// <summary>Reads all blocks; the fault of the first that is not there, or null.</summary>
    public string? Read()
    {
        int mcus = _scan.McusAcross * _scan.McusDown;
        int untilRestart = _scan.RestartInterval;
        int restarts = 0;
        for (int mcu = 0; mcu < mcus; mcu++)
        {
            if (_scan.RestartInterval > 0 && untilRestart-- == 0)
            {
                if (!PassRestart(restarts++ % 8))
                {
                    return "has corrupt data (a restart marker is missing or out of order)";
                }

                untilRestart = _scan.RestartInterval - 1;
            }

            if (ReadMcu(mcu) is string fault)
            {
                return fault;
            }
        }

        _intervals.Add(Start.._bits.End);
        return null;
    }

    private string? ReadMcu(int mcu)
    {
        int bytesLeft = _bits.BytesLeft;
        if (_scan.IsInterleaved)
        {
            foreach (ScanComponent component in _scan.Components)
            {
                for (int block = component.Component.Across * component.Component.Down; block > 0; block--)
                {
                    ReadBlock(component, -1);
                }
            }
        }
        else
        {
            ReadBlock(_scan.Components[0], mcu);
        }

        if (_bits.IsShort)
        {
            return _bits.IsAtEnd ? "ends before its last row" : "has corrupt data (a scan ends too early)";
        }

        bool isFast = !_scan.Frame.IsProgressive && _scan.RestartInterval == 0 && !_bits.IsAtMarker && bytesLeft >= FastBytesInBlock * _scan.BlocksInMcu;
        if (_bits.HasBadCode && !isFast)
        {
            return "has corrupt data (a code that its tables do not have)";
        }

        _passedBadCode |= _bits.HasBadCode;
        _bits.HasBadCode = false;
        return null;
    }

    private void ReadBlock(ScanComponent component, int block)
    {
        if (!_scan.Frame.IsProgressive)
        {
            ReadSequential(component.Dc!, component.Ac!);
        }
        else if (_scan.First == 0)
        {
            if (_scan.High == 0)
            {
                _bits.Skip(_bits.Decode(component.Dc!));
            }
            else
            {
                _bits.Skip(1);
            }
        }
        else if (_scan.High == 0)
        {
            ReadAc(component.Ac!, ref component.Component.NonZero[block]);
        }
        else
        {
            RefineAc(component.Ac!, ref component.Component.NonZero[block]);
        }
    }

    private void ReadSequential(HuffmanTable dc, HuffmanTable ac)
    {
        _bits.Skip(_bits.Decode(dc));
        for (int k = 1; k <= LastCoefficient && !_bits.IsShort; k++)
        {
            int symbol = _bits.Decode(ac);
            int zeros = symbol >> 4, size = symbol & 15;
            if (size == 0 && zeros != 15)
            {
                return;
            }

            k += zeros;
            _bits.Skip(size);
        }
    }

    private void ReadAc(HuffmanTable table, ref ulong nonZero)
    {
        if (_blocksOfRun > 0)
        {
            _blocksOfRun--;
            return;
        }

        for (int k = _scan.First; k <= _scan.Last && !_bits.IsShort; k++)
        {
            int symbol = _bits.Decode(table);
            int zeros = symbol >> 4, size = symbol & 15;
            if (size != 0)
            {
                k += zeros;
                _bits.Skip(size);
                Mark(ref nonZero, k);
            }
            else if (zeros == 15)
            {
                k += 15;
            }
            else
            {
                _blocksOfRun = (1 << zeros) + _bits.Read(zeros) - 1;
                return;
            }
        }
    }

    private void RefineAc(HuffmanTable table, ref ulong nonZero)
    {
        int k = _scan.First;
        if (_blocksOfRun == 0)
        {
            for (; k <= _scan.Last && !_bits.IsShort; k++)
            {
                int symbol = _bits.Decode(table);
                int zeros = symbol >> 4, size = symbol & 15;
                if (size != 0)
                {
                    _bits.HasBadCode |= size != 1;
                    _bits.Skip(1);
                }
                else if (zeros != 15)
                {
                    _blocksOfRun = (1 << zeros) + _bits.Read(zeros);
                    break;
                }

                for (; k <= _scan.Last; k++)
                {
                    if (!TryRefine(nonZero, k) && --zeros < 0)
                    {
                        break;
                    }
                }

                if (size != 0)
                {
                    Mark(ref nonZero, k);
                }
            }
        }

        if (_blocksOfRun > 0)
        {
            for (; k <= _scan.Last; k++)
            {
                TryRefine(nonZero, k);
            }

            _blocksOfRun--;
        }
    }

    private bool TryRefine(ulong nonZero, int k)
    {
        if ((nonZero >> k & 1) == 0)
        {
            return false;
        }

        _bits.Skip(1);
        return true;
    }

    // A run that leads out of the block ends at its last coefficient, as in libjpeg.
    private static void Mark(ref ulong nonZero, int k) => nonZero |= 1UL << Math.Min(k, LastCoefficient);

    /// <summary>Goes to behind the restart marker; false when another marker comes first.</summary>
    private bool PassRestart(int number)
    {
        int end = _bits.End;
        _intervals.Add(Start..end);
        for (int at = end; ;)
        {
            int found = _jpeg[at..].IndexOf((byte)0xFF);
            if (found < 0)
            {
                return false;
            }

            int fill = at + found;
            at = fill + 1;
            while (at < _jpeg.Length && _jpeg[at] == 0xFF)
            {
                at++;
            }

            if (at >= _jpeg.Length)
            {
                return false;
            }

            byte marker = _jpeg[at++];
            if (marker == JpegMarker.FirstRestart + number)
            {
                if (fill > end && EndsInFill)
                {
                    return false;
                }

                StrayBytes += fill - end;
                _blocksOfRun = 0;
                Start = at;
                _bits.Restart(at);
                return true;
            }

            // Below C0 is no marker that a scan can end with: stray bytes, as libjpeg takes them.
            if (marker >= JpegMarker.StartOfFrameBaseline)
            {
                return false;
            }
        }
    }
}
