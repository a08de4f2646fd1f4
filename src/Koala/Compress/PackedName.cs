namespace Koalarization.Koala.Compress;

/// <summary>
/// The name of a packed copy: the record's name with the format's extension. A pattern such as <c>*.tfrecord</c> does not match it, so that no picture is
/// trained on twice because a copy is beside its record; and gunzip and zstd -d restore the record's name.
/// </summary>
internal static class PackedName
{
    private static readonly Dictionary<Packing, string> Endings = new()
    {
        [Packing.None] = "",
        [Packing.Gzip] = ".gz",
        [Packing.Zlib] = ".zlib",
        [Packing.Zstd] = ".zst",
    };

    /// <summary>The file name of the copy of a file.</summary>
    public static string Of(string fileName, Packing packing) => Plain(fileName) + Endings[packing];

    private static string Plain(string fileName) =>
        Endings.Values.FirstOrDefault(ending => ending.Length > 0 && fileName.EndsWith(ending, StringComparison.Ordinal)) is string packed
            ? fileName[..^packed.Length]
            : fileName;
}
