namespace Koalarization.Imaging.Jpeg.Scans;

/// <summary>The Huffman tables of ITU-T T.81, annex K.3, with which a sequential JPEG is decoded that has none.</summary>
internal static class StandardTables
{
    /// <summary>Bytes of the segment before its first table.</summary>
    public const int HeadBytes = 4;

    private const int CountsBytes = 16;
    private const int DcOffset = HeadBytes + 1;
    private const int DcValues = 12;
    private const int AcOffset = DcOffset + CountsBytes + DcValues + 1;
    private const int AcValues = 162;

    /// <summary>The four tables as one DHT segment, marker and length included.</summary>
    public static byte[] Segment { get; } = Convert.FromHexString(
        "FFC401A2" +
        "0000010501010101010100000000000000000102030405060708090A0B100002010303020403050504040000017D01020300041105122131410613516107" +
        "227114328191A1082342B1C11552D1F02433627282090A161718191A25262728292A3435363738393A434445464748494A535455565758595A6364656667" +
        "68696A737475767778797A838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8" +
        "D9DAE1E2E3E4E5E6E7E8E9EAF1F2F3F4F5F6F7F8F9FA0100030101010101010101010000000000000102030405060708090A0B1100020102040403040705" +
        "040400010277000102031104052131061241510761711322328108144291A1B1C109233352F0156272D10A162434E125F11718191A262728292A35363738" +
        "393A434445464748494A535455565758595A636465666768696A737475767778797A82838485868788898A92939495969798999AA2A3A4A5A6A7A8A9AAB2" +
        "B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE2E3E4E5E6E7E8E9EAF2F3F4F5F6F7F8F9FA");

    /// <summary>The first table: how many codes there are of each length, and their symbols.</summary>
    public static (byte[] Counts, byte[] Values) LuminanceDc => (Segment[DcOffset..][..CountsBytes], Segment[(DcOffset + CountsBytes)..][..DcValues]);

    /// <summary>The second table.</summary>
    public static (byte[] Counts, byte[] Values) LuminanceAc => (Segment[AcOffset..][..CountsBytes], Segment[(AcOffset + CountsBytes)..][..AcValues]);
}
