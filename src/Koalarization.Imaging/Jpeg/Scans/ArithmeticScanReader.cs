namespace Koalarization.Imaging.Jpeg.Scans;

/// <summary>Decodes the arithmetic-coded data of a scan into the coefficients of its components (ITU-T T.81, F.1.4, F.2.4, G.1.3, G.2.3).</summary>
internal ref struct ArithmeticScanReader
{
    private const int LastCoefficient = 63;
    private const int DcBins = 64;
    private const int AcBins = 256;
    private const int Tables = 16;
    private const int LargestMagnitude = 1 << 14;

    // Table F.4, and table F.5: where the decisions on magnitudes begin.
    private const int DcMagnitudes = 20;
    private const int AcLowMagnitudes = 189;
    private const int AcHighMagnitudes = 217;
    private const int MagnitudeBits = 14;

    private readonly ReadOnlySpan<byte> _jpeg;
    private readonly Scan _scan;
    private readonly ArithmeticConditioning _conditioning;
    private readonly byte[] _dcStates = new byte[Tables * DcBins];
    private readonly byte[] _acStates = new byte[Tables * AcBins];
    private readonly int[] _dc = new int[4];
    private readonly int[] _contexts = new int[4];
    private ArithmeticDecoder _decoder;
    private byte _even = ArithmeticDecoder.Even;
    private bool _isCorrupt;

    /// <param name="jpeg">The file.</param>
    /// <param name="scan">The scan.</param>
    /// <param name="conditioning">What the file says on conditioning.</param>
    /// <param name="start">Where the scan's data begin.</param>
    public ArithmeticScanReader(ReadOnlySpan<byte> jpeg, Scan scan, ArithmeticConditioning conditioning, int start)
    {
        _jpeg = jpeg;
        _scan = scan;
        _conditioning = conditioning;
        _decoder = new ArithmeticDecoder(jpeg, start);
    }

    /// <summary>Where the data end.</summary>
    public readonly int End => _decoder.Position;

    /// <summary>Whether the file ends with the data. Of other bytes nothing shows whether the first of them were taken for data.</summary>
    public readonly bool EndsCleanly => End == _jpeg.Length;

    /// <summary>Decodes all blocks; the fault of the first that is not there, or null.</summary>
    public string? Read()
    {
        int mcus = _scan.McusAcross * _scan.McusDown;
        int restarts = 0;
        for (int mcu = 0; mcu < mcus; mcu++)
        {
            if (_scan.RestartInterval > 0 && mcu > 0 && mcu % _scan.RestartInterval == 0 && !PassRestart(restarts++ % 8))
            {
                return "has corrupt data (a restart marker is missing or out of order)";
            }

            ReadMcu(mcu);
            if (_isCorrupt)
            {
                return "has corrupt data (an arithmetic code that is none)";
            }

            if (_decoder.IsBehindEnd)
            {
                return "ends before its end marker";
            }
        }

        return null;
    }

    private void ReadMcu(int mcu)
    {
        int x = mcu % _scan.McusAcross, y = mcu / _scan.McusAcross;
        for (int i = 0; i < _scan.Components.Count; i++)
        {
            FrameComponent component = _scan.Components[i].Component;
            (int across, int down) = _scan.IsInterleaved ? (component.Across, component.Down) : (1, 1);
            for (int row = 0; row < down; row++)
            {
                for (int column = 0; column < across; column++)
                {
                    ReadBlock(i, component.Block((x * across) + column, (y * down) + row));
                }
            }
        }
    }

    private void ReadBlock(int component, Span<short> block)
    {
        if (!_scan.Frame.IsProgressive)
        {
            block[0] = ReadDc(component);
            ReadAc(component, block, 1, LastCoefficient, low: 0);
        }
        else if (_scan.First == 0)
        {
            block[0] = _scan.High == 0
                ? (short)(ReadDc(component) << _scan.Low)
                : (short)(block[0] | (short)(_decoder.Decide(ref _even) << _scan.Low));
        }
        else if (_scan.High == 0)
        {
            ReadAc(component, block, _scan.First, _scan.Last, _scan.Low);
        }
        else
        {
            RefineAc(component, block);
        }
    }

    private short ReadDc(int component)
    {
        int table = _scan.Components[component].DcTable;
        Span<byte> states = _dcStates.AsSpan(table * DcBins, DcBins);
        int context = _contexts[component];
        if (_decoder.Decide(ref states[context]) == 0)
        {
            _contexts[component] = 0;
        }
        else
        {
            int sign = _decoder.Decide(ref states[context + 1]);
            int at = context + 2 + sign;
            int magnitude = _decoder.Decide(ref states[at]);
            if (magnitude != 0)
            {
                at = DcMagnitudes;
                ReadMagnitude(states, ref at, ref magnitude);
            }

            _contexts[component] = _conditioning.DcContext(table, magnitude, sign);
            _dc[component] = (short)(_dc[component] + ReadValue(ref states[at + MagnitudeBits], magnitude, sign));
        }

        return (short)_dc[component];
    }

    private void ReadAc(int component, Span<short> block, int first, int last, int low)
    {
        int table = _scan.Components[component].AcTable;
        Span<byte> states = _acStates.AsSpan(table * AcBins, AcBins);
        for (int k = first; k <= last && !_isCorrupt; k++)
        {
            int at = 3 * (k - 1);
            if (_decoder.Decide(ref states[at]) == 1)
            {
                return;
            }

            while (_decoder.Decide(ref states[at + 1]) == 0)
            {
                at += 3;
                if (++k > last)
                {
                    _isCorrupt = true;
                    return;
                }
            }

            int sign = _decoder.Decide(ref _even);
            at += 2;
            int magnitude = _decoder.Decide(ref states[at]);
            if (magnitude != 0 && _decoder.Decide(ref states[at]) == 1)
            {
                magnitude <<= 1;
                at = _conditioning.IsLow(table, k) ? AcLowMagnitudes : AcHighMagnitudes;
                ReadMagnitude(states, ref at, ref magnitude);
            }

            block[k] = (short)(ReadValue(ref states[at + MagnitudeBits], magnitude, sign) << low);
        }
    }

    private void RefineAc(int component, Span<short> block)
    {
        Span<byte> states = _acStates.AsSpan(_scan.Components[component].AcTable * AcBins, AcBins);
        short bit = (short)(1 << _scan.Low);
        int lastBefore = block[..(_scan.Last + 1)].LastIndexOfAnyExcept((short)0);
        for (int k = _scan.First; k <= _scan.Last; k++)
        {
            int at = 3 * (k - 1);
            if (k > lastBefore && _decoder.Decide(ref states[at]) == 1)
            {
                return;
            }

            while (true)
            {
                if (block[k] != 0)
                {
                    block[k] += (short)(_decoder.Decide(ref states[at + 2]) * (block[k] < 0 ? -bit : bit));
                    break;
                }

                if (_decoder.Decide(ref states[at + 1]) == 1)
                {
                    block[k] = _decoder.Decide(ref _even) == 1 ? (short)-bit : bit;
                    break;
                }

                at += 3;
                if (++k > _scan.Last)
                {
                    _isCorrupt = true;
                    return;
                }
            }
        }
    }

    private void ReadMagnitude(Span<byte> states, ref int at, ref int magnitude)
    {
        while (_decoder.Decide(ref states[at]) == 1)
        {
            magnitude <<= 1;
            at++;
            if (magnitude > LargestMagnitude)
            {
                _isCorrupt = true;
                return;
            }
        }
    }

    private int ReadValue(ref byte state, int magnitude, int sign)
    {
        int value = magnitude;
        for (int bit = magnitude >> 1; bit != 0; bit >>= 1)
        {
            value |= _decoder.Decide(ref state) == 1 ? bit : 0;
        }

        return sign == 1 ? -(value + 1) : value + 1;
    }

    // Nothing may lie before the marker: only the encoder knows whether it belongs to the data.
    private bool PassRestart(int number)
    {
        int marker = _jpeg[_decoder.Position..].IndexOfAnyExcept((byte)0xFF);
        if (marker < 1 || _jpeg[_decoder.Position + marker] != JpegMarker.FirstRestart + number)
        {
            return false;
        }

        _decoder = new ArithmeticDecoder(_jpeg, _decoder.Position + marker + 1);
        Array.Clear(_dcStates);
        Array.Clear(_acStates);
        Array.Clear(_dc);
        Array.Clear(_contexts);
        return true;
    }
}
