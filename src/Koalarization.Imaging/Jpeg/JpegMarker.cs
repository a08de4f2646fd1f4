namespace Koalarization.Imaging.Jpeg;

/// <summary>Second bytes of JPEG markers (ITU-T T.81, table B.1).</summary>
internal static class JpegMarker
{
    public const byte StartOfFrameBaseline = 0xC0;
    public const byte StartOfFrameExtended = 0xC1;
    public const byte StartOfFrameProgressive = 0xC2;
    public const byte HuffmanTables = 0xC4;
    public const byte StartOfFrameArithmetic = 0xC9;
    public const byte StartOfFrameArithmeticProgressive = 0xCA;
    public const byte ArithmeticConditioning = 0xCC;
    public const byte FirstRestart = 0xD0;
    public const byte StartOfImage = 0xD8;
    public const byte EndOfImage = 0xD9;
    public const byte StartOfScan = 0xDA;
    public const byte QuantisationTables = 0xDB;
    public const byte NumberOfLines = 0xDC;
    public const byte RestartInterval = 0xDD;
    public const byte JfifSegment = 0xE0;
    public const byte LastAppSegment = 0xEF;
    public const byte Comment = 0xFE;
    public const byte AdobeSegment = 0xEE;

    /// <summary>SOF0 to SOF15, whatever the coding.</summary>
    public static bool IsStartOfFrame(byte marker) =>
        marker is >= 0xC0 and <= 0xCF and not (HuffmanTables or 0xC8 or ArithmeticConditioning);

    /// <summary>SOF9 and SOF10: sequential and progressive, arithmetic coding.</summary>
    public static bool IsArithmetic(byte frameMarker) => frameMarker is StartOfFrameArithmetic or StartOfFrameArithmeticProgressive;

    /// <summary>SOF2 and SOF10: progressive, Huffman and arithmetic coding.</summary>
    public static bool IsProgressive(byte frameMarker) => frameMarker is StartOfFrameProgressive or StartOfFrameArithmeticProgressive;

    /// <summary>RST0 to RST7.</summary>
    public static bool IsRestart(byte marker) => marker is >= FirstRestart and <= 0xD7;

    /// <summary>Markers without a length and a segment: RSTn, TEM, SOI, EOI.</summary>
    public static bool HasNoSegment(byte marker) => marker is 0x01 or (>= FirstRestart and <= EndOfImage);
}
