namespace Koalarization.Checkpoints;

/// <summary>Which check a <see cref="CheckpointException"/> reports.</summary>
public enum CheckpointCheck
{
    /// <summary>A file that must exist does not, or cannot be read.</summary>
    Missing,

    /// <summary>The path names several checkpoints, and nothing says which one is meant.</summary>
    Ambiguous,

    /// <summary>The file is something else than a TensorFlow checkpoint.</summary>
    NotACheckpoint,

    /// <summary>The file ends before something that it says it holds.</summary>
    Truncated,

    /// <summary>A stored CRC32C differs from that of the bytes.</summary>
    Checksum,

    /// <summary>The bytes break a rule of the format.</summary>
    Format,

    /// <summary>The file is sound, and uses something that is not read here.</summary>
    Unsupported,

    /// <summary>No tensor has that name.</summary>
    UnknownTensor,

    /// <summary>The tensor has another element type than asked for.</summary>
    ElementType,

    /// <summary>A download failed.</summary>
    Download,

    /// <summary>An archive holds something that is refused, or is damaged.</summary>
    Archive,

    /// <summary>A size limit was passed.</summary>
    TooLarge,

    /// <summary>The folder for downloads and unpacked archives cannot be used.</summary>
    Cache,

    /// <summary>A SHA-256 differs from the one that was asked for or pinned.</summary>
    Sha256,
}
