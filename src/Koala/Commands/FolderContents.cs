using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;

namespace Koalarization.Koala.Commands;

/// <summary>What a folder holds, as far as its first files show.</summary>
internal enum FolderKind
{
    Empty,
    DataSet,
    Pictures,
    Records,
    PackedCopies,
    Lists,
    OtherPictures,
    Other,
}

/// <summary>What a folder holds, as far as its first files show, for the sentence that refuses it.</summary>
/// <param name="Folder">The folder, as the user wrote it.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Example">The name of one of its files; empty where it has none.</param>
internal sealed record FolderContents(string Folder, FolderKind Kind, string Example)
{
    private const int FilesLookedAt = 10_000;

    private static readonly string[] ListEndings = [".txt", ".csv", ".tsv", ".json", ".jsonl", ".parquet", ".tgz", ".tar", ".gz", ".zst"];
    private static readonly string[] PictureEndings = [".png", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".heic", ".avif"];
    private static readonly string[] SetFolders = [DataLayout.Originals, DataLayout.Resized, DataLayout.Records];

    /// <summary>Looks at a folder that exists.</summary>
    public static FolderContents Of(string folder)
    {
        string[] names = [.. Directory.EnumerateFileSystemEntries(folder).Take(FilesLookedAt).Select(path => Path.GetFileName(path)).Where(name => name is not (DataLayout.State or DataLayout.Summary or DataLayout.Index)).Order(StringComparer.Ordinal)];
        (FolderKind Kind, Func<string, bool> Holds)[] kinds =
        [
            (FolderKind.DataSet, name => SetFolders.Contains(name) && Directory.Exists(Path.Combine(folder, name))),
            (FolderKind.Records, name => name.EndsWith(".tfrecord", StringComparison.Ordinal)),
            (FolderKind.PackedCopies, RecordName.IsOfCopy),
            (FolderKind.Pictures, name => PictureFolder.IsPicture(name) && name[0] != '.'),
            (FolderKind.OtherPictures, name => PictureEndings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)),
            (FolderKind.Lists, name => ListEndings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)),
            (FolderKind.Other, _ => true),
        ];
        return kinds
            .Select(kind => new FolderContents(folder, kind.Kind, Array.Find(names, name => kind.Holds(name)) ?? ""))
            .FirstOrDefault(contents => contents.Example.Length > 0)
            ?? new FolderContents(folder, File.Exists(Path.Combine(folder, DataLayout.Job)) ? FolderKind.DataSet : FolderKind.Empty, "");
    }

    /// <summary>The path of a name in the folder, as the user would write it.</summary>
    public string PathOf(string name) => $"{Folder.TrimEnd('/')}/{name}";
}
