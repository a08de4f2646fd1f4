namespace Koalarization.Dataset.Planning;

/// <summary>What a list looks like from outside: while it looks the same, it is taken for the same list.</summary>
/// <param name="Source">A file's full path, or a URL.</param>
/// <param name="Bytes">The file's size; 0 for a URL.</param>
/// <param name="ModifiedUtcTicks">When the file was last written; 0 for a URL.</param>
public sealed record SourceStamp(string Source, long Bytes, long ModifiedUtcTicks)
{
    /// <summary>The stamp of a file.</summary>
    public static SourceStamp OfFile(string path)
    {
        var file = new FileInfo(path);
        return new SourceStamp(file.FullName, file.Length, file.LastWriteTimeUtc.Ticks);
    }

    /// <summary>The stamp of a list behind a URL, which is not fetched again.</summary>
    public static SourceStamp OfUrl(string url) => new(url, 0, 0);
}
