using System.Buffers.Binary;

namespace Koalarization.Imaging.Jpeg.Scans;

/// <summary>A frame header (SOF), of which <see cref="JpegHeader"/> has approved.</summary>
internal sealed class Frame
{
    private Frame(byte marker, ReadOnlySpan<byte> body)
    {
        Marker = marker;
        Height = BinaryPrimitives.ReadUInt16BigEndian(body[1..]);
        Width = BinaryPrimitives.ReadUInt16BigEndian(body[3..]);
        Components = new FrameComponent[body[5]];
        for (int i = 0; i < Components.Length; i++)
        {
            ReadOnlySpan<byte> component = body.Slice(6 + (3 * i), 3);
            Components[i] = new FrameComponent(component[0], component[1] >> 4, component[1] & 15, component[2]);
            MaxAcross = Math.Max(MaxAcross, Components[i].Across);
            MaxDown = Math.Max(MaxDown, Components[i].Down);
        }

        foreach (FrameComponent component in Components)
        {
            component.BlocksAcross = DivideUp(Width * component.Across, MaxAcross * 8);
            component.BlocksDown = DivideUp(Height * component.Down, MaxDown * 8);
            component.PaddedAcross = McusAcross * component.Across;
            component.PaddedDown = McusDown * component.Down;
        }
    }

    public byte Marker { get; }

    public bool IsProgressive => JpegMarker.IsProgressive(Marker);

    public bool IsArithmetic => JpegMarker.IsArithmetic(Marker);

    public int Width { get; }

    public int Height { get; }

    public int MaxAcross { get; }

    public int MaxDown { get; }

    /// <summary>MCUs in a row of an interleaved scan.</summary>
    public int McusAcross => DivideUp(Width, 8 * MaxAcross);

    /// <summary>Rows of MCUs of an interleaved scan.</summary>
    public int McusDown => DivideUp(Height, 8 * MaxDown);

    public FrameComponent[] Components { get; }

    /// <summary>Null where the segment's length does not fit its contents.</summary>
    public static Frame? TryRead(byte marker, ReadOnlySpan<byte> body) =>
        body.Length >= 6 && body.Length == 6 + (3 * body[5]) && body[5] > 0 ? new Frame(marker, body) : null;

    public static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;
}

/// <summary>A component of a frame.</summary>
internal sealed class FrameComponent(byte id, int across, int down, int quantisation)
{
    private const int Coefficients = 64;

    private ulong[]? _nonZero;
    private short[]? _coefficients;

    public byte Id { get; } = id;

    /// <summary>Horizontal sampling factor.</summary>
    public int Across { get; } = across;

    /// <summary>Vertical sampling factor.</summary>
    public int Down { get; } = down;

    /// <summary>The number of its quantisation table.</summary>
    public int Quantisation { get; } = quantisation;

    public int BlocksAcross { get; set; }

    public int BlocksDown { get; set; }

    /// <summary>Blocks in a row, with those that fill the last MCU of an interleaved scan.</summary>
    public int PaddedAcross { get; set; }

    /// <summary>Rows of blocks, likewise.</summary>
    public int PaddedDown { get; set; }

    /// <summary>Whether a scan of it was decoded; in a progressive frame, one of its DC.</summary>
    public bool IsScanned { get; set; }

    /// <summary>For each coefficient the lowest bit that was sent; -1: none was.</summary>
    public int[] LowestBit { get; } = [.. Enumerable.Repeat(-1, Coefficients)];

    /// <summary>For each block, from left to right and from above, a bit for each coefficient in zigzag order: whether it is not zero.</summary>
    public ulong[] NonZero => _nonZero ??= new ulong[BlocksAcross * BlocksDown];

    /// <summary>The coefficients of a block, in zigzag order; only for arithmetic coding, where they are decoded.</summary>
    public Span<short> Block(int x, int y) =>
        (_coefficients ??= new short[Coefficients * PaddedAcross * PaddedDown]).AsSpan(Coefficients * ((y * PaddedAcross) + x), Coefficients);
}
