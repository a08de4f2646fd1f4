using Koalarization.Dataset.Projections;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Records;

/// <summary>
/// A folder of JPEG files, seen as the original program's steps see it: by name, in one fixed order. A folder of very many pictures has a folder for
/// each first two hexadecimal digits of their names; both forms are read, and other folders below it too (<see cref="PictureTree"/>).
/// </summary>
public static class PictureFolder
{
    private const int FanDigits = 2;

    /// <summary>
    /// The names of the folder's pictures: regular files ending in <c>.jpg</c> or <c>.jpeg</c>, in any case, in ordinal order of their UTF-16 names,
    /// so that the order depends on the names alone and not on the file system. Of a data set's own folders, the pictures that its manifests call kept:
    /// others that lie there belong to no link yet. A data set without a manifest calls none so, and what lies there is taken.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="skipped">Gets what is no picture although it looks like one.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public static IReadOnlyList<string> Names(string folder, SkippedFiles? skipped = null)
    {
        List<string> names = [.. (DataSetOf(folder) is string data ? Kept(new FileDataStore(data), folder) : null) ?? Enumerate(folder, skipped)];
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>The names of the pictures that lie in a folder and below it, as a stream, in whatever order the file system has them.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public static IEnumerable<string> Enumerate(string folder, SkippedFiles? skipped = null) => PictureTree.Enumerate(folder, skipped ?? new SkippedFiles());

    /// <summary>The same as versions up to 0.1 saw them, which looked into no other folders, for data sets that they began.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public static IEnumerable<string> EnumerateFlat(string folder) =>
        Directory.EnumerateDirectories(folder).Where(IsFan).Prepend(folder)
            .SelectMany(Directory.EnumerateFiles)
            .Select(path => Path.GetFileName(path))
            .Where(IsPicture);

    /// <summary>Where a picture of a folder lies.</summary>
    public static string PathOf(string folder, string name)
    {
        string below = PictureTree.PathOf(name), path = Path.Combine(folder, below);
        if (below != name && File.Exists(path))
        {
            return path;
        }

        path = Path.Combine(folder, name);
        string fan = Path.Combine(folder, name[..Math.Min(FanDigits, name.Length)], name);
        return !File.Exists(path) && File.Exists(fan) ? fan : path;
    }

    /// <summary>The folder that a picture lies in, below the folder of its name; null: it lies in that itself.</summary>
    public static string? SubfolderOf(string name) => Path.GetDirectoryName(PictureTree.PathOf(name)) is { Length: > 0 } below ? below : null;

    /// <summary>Whether a file of this name is taken for a picture.</summary>
    public static bool IsPicture(string name) =>
        name.EndsWith(".jpeg", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".jpg", StringComparison.OrdinalIgnoreCase);

    /// <summary>The data set that a folder is a part of (its originals, resized pictures or records), where it was made by a run; else null.</summary>
    internal static string? DataSetOf(string folder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Path.GetFileName(full) is DataLayout.Originals or DataLayout.Resized or DataLayout.Records
            && Path.GetDirectoryName(full) is string data && File.Exists(Path.Combine(data, DataLayout.Job))
            ? data
            : null;
    }

    private static List<string>? Kept(FileDataStore store, string folder)
    {
        bool resized = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) == DataLayout.Resized;
        bool hasManifests = false;
        List<string> kept = [];
        foreach (SetRow row in SetRows.Read(store))
        {
            hasManifests |= row.Row is not null;
            if (row.Row is { IsKept: true } picture && (!resized || picture.Resized is not null))
            {
                kept.Add(row.Link.Name);
            }
        }

        return hasManifests ? kept : null;
    }

    private static bool IsFan(string path) => Path.GetFileName(path) is { Length: FanDigits } name && name.All(char.IsAsciiHexDigitLower);
}
