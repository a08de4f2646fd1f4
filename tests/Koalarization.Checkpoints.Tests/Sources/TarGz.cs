using System.Formats.Tar;
using System.IO.Compression;

namespace Koalarization.Checkpoints.Tests.Sources;

/// <summary>Archives made for a test.</summary>
internal static class TarGz
{
    public static byte[] Of(params IEnumerable<TarEntry> entries)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip))
        {
            foreach (TarEntry entry in entries)
            {
                tar.WriteEntry(entry);
            }
        }

        return bytes.ToArray();
    }

    public static TarEntry File(string name, byte[] content) => new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) };

    /// <summary>The files of a golden checkpoint in a folder of the archive, under their own names.</summary>
    public static IEnumerable<TarEntry> Checkpoint(string name, string folder = "")
    {
        using var checkpoint = Checkpoints.Checkpoint.Open(GoldenCheckpoint.PathOf(name));
        return [.. checkpoint.Files.Select(file => File(folder + Path.GetFileName(file), System.IO.File.ReadAllBytes(file)))];
    }
}
