namespace Koalarization.Koala.Compress;

/// <summary>How a copy of a TFRecord is packed.</summary>
internal enum Packing
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>TensorFlow's <c>GZIP</c>.</summary>
    Gzip,

    /// <summary>TensorFlow's <c>ZLIB</c>.</summary>
    Zlib,

    /// <summary>An archive: the plain file inside one zstd frame, which TensorFlow does not read.</summary>
    Zstd,
}
