using Koalarization.Dataset.Records;

namespace Koalarization.Koala.Commands;

/// <summary>The TFRecord files that one word of a command names: a file, or a folder's.</summary>
/// <param name="Folder">The folder, where one was named.</param>
/// <param name="Files">The files, in the order of their numbers.</param>
internal sealed record RecordPaths(string? Folder, IReadOnlyList<string> Files)
{
    /// <exception cref="UserErrorException">Nothing has a name, or a folder has no records.</exception>
    public static IReadOnlyList<RecordPaths> Of(IEnumerable<string> words) => [.. words.Select(Of)];

    private static RecordPaths Of(string word)
    {
        if (!Directory.Exists(word))
        {
            return File.Exists(word) ? new RecordPaths(null, [word]) : throw new UserErrorException($"there is no file {word}.");
        }

        string records = RecordHome.Of(word).Records;
        string[] files = Directory.Exists(records) ? [.. Directory.GetFiles(records, "*.tfrecord").OrderBy(Order)] : [];
        return files.Length > 0 ? new RecordPaths(word, files) : throw new UserErrorException($"{records} has no .tfrecord file.");
    }

    // Those of a set by number, and then all others.
    private static (int Number, string Name) Order(string path)
    {
        string name = Path.GetFileName(path);
        return (RecordName.TryParse(name, out RecordName record) ? record.Number : int.MaxValue, name);
    }
}
