namespace Koalarization.Records.Framing;

/// <summary>Which check of a TFRecord file failed.</summary>
public enum TFRecordCheck
{
    /// <summary>The file ends within the twelve bytes of length and length checksum.</summary>
    TruncatedHeader,

    /// <summary>The length does not have the checksum that follows it.</summary>
    LengthCrc,

    /// <summary>The length is intact and above what the reader accepts.</summary>
    LengthTooLarge,

    /// <summary>The file ends within the record's data or the data's checksum.</summary>
    TruncatedData,

    /// <summary>The data does not have the checksum that follows it.</summary>
    DataCrc,

    /// <summary>The gzip or zlib stream around the records is damaged, cut off, or followed by other bytes.</summary>
    Compression,
}
