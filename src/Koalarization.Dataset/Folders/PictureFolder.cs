namespace Koalarization.Dataset;

/// <summary>A folder of JPEG files, seen as the original program's steps see it: by name, in one fixed order.</summary>
public static class PictureFolder
{
    /// <summary>
    /// The names of the folder's pictures: regular files ending in <c>.jpg</c> or <c>.jpeg</c>, in any case, in ordinal order of their UTF-16 names,
    /// so that the order depends on the names alone and not on the file system.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public static IReadOnlyList<string> Names(string folder)
    {
        List<string> names = [.. Enumerate(folder)];
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>The same names as a stream, in whatever order the file system has them.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public static IEnumerable<string> Enumerate(string folder) =>
        Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Where(IsPicture);

    /// <summary>Whether a file of this name is taken for a picture.</summary>
    public static bool IsPicture(string name) =>
        name.EndsWith(".jpeg", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".jpg", StringComparison.OrdinalIgnoreCase);
}
