namespace Koalarization.Records.Compression;

/// <summary>How a whole TFRecord file is compressed: TensorFlow's <c>compression_type</c> <c>""</c>, <c>"GZIP"</c> and <c>"ZLIB"</c>.</summary>
public enum RecordCompression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>One gzip member (RFC 1952) without name and time.</summary>
    Gzip,

    /// <summary>One zlib stream (RFC 1950).</summary>
    Zlib,
}
