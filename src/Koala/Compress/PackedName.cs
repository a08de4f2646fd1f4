namespace Koalarization.Koala.Compress;

/// <summary>
/// The name of a packed copy: the record's own, and what it is packed with behind it. A pattern such as <c>*.tfrecord</c> does not match it, so nobody
/// trains on a picture twice because a copy lies beside its record; and gunzip or zstd -d give the record its name back.
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
