using Koalarization.Dataset.Records;

namespace Koalarization.Koala.Commands;

/// <summary>The TFRecord files of one argument: a file, or the files of a folder.</summary>
/// <param name="Folder">The folder, when the argument is one.</param>
/// <param name="Files">The files, in the order of their numbers.</param>
internal sealed record RecordPaths(string? Folder, IReadOnlyList<string> Files)
{
    /// <exception cref="UserErrorException">A path does not exist, or a folder has no records.</exception>
    public static IReadOnlyList<RecordPaths> Of(IEnumerable<string> paths) => [.. paths.Select(Of)];

    private static RecordPaths Of(string path)
    {
        if (!Directory.Exists(path))
        {
            return File.Exists(path) ? new RecordPaths(null, [path]) : throw new UserErrorException($"{path} does not exist.");
        }

        string records = RecordHome.Of(path).Records;
        string[] files = Directory.Exists(records) ? [.. Directory.GetFiles(records, "*.tfrecord").OrderBy(Order)] : [];
        return files.Length > 0 ? new RecordPaths(path, files) : throw new UserErrorException($"no .tfrecord files in {(Directory.Exists(records) ? records : path)}: {WrongFolder.Hint(path, FolderUse.Records)}.");
    }

    // Files with the name of a record by number, then all others.
    private static (int Number, string Name) Order(string file)
    {
        string name = Path.GetFileName(file);
        return (RecordName.TryParse(name, out RecordName record) ? record.Number : int.MaxValue, name);
    }
}
