using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;
using Koalarization.Koala.Failures;

namespace Koalarization.Koala.Inspect;

/// <summary>What a data set's <c>index.csv</c> has of one picture.</summary>
internal sealed record IndexedPicture(string Url, string Words, string Width, string Height);

/// <summary>
/// What pictures of records come from, by the <c>index.csv</c> beside the records or in the folder above them. An index may have millions of rows: it is read
/// once, and only the rows of the pictures that are shown are kept.
/// </summary>
internal sealed class PictureIndex
{
    private static readonly string[] Columns = ["name", "url", "words", "width", "height", "record", "place"];

    private readonly Dictionary<string, Dictionary<string, IndexedPicture>> _byFolder = new(StringComparer.Ordinal);

    /// <param name="files">The files of which pictures are shown, each with how many.</param>
    public PictureIndex(IEnumerable<(string File, long Limit)> files)
    {
        foreach (IGrouping<string, (string File, long Limit)> folder in files.GroupBy(file => FolderOf(file.File), StringComparer.Ordinal))
        {
            _byFolder.Add(folder.Key, Read(folder.Key, Limits(folder)));
        }
    }

    /// <summary>The picture's row; null when no index near its record has it.</summary>
    public IndexedPicture? Of(PictureInspected picture) =>
        _byFolder.GetValueOrDefault(FolderOf(picture.File))?.GetValueOrDefault(Path.GetFileName(picture.Name));

    private static string FolderOf(string file) => Path.GetDirectoryName(Path.GetFullPath(file))!;

    private static Dictionary<int, long> Limits(IEnumerable<(string File, long Limit)> files)
    {
        Dictionary<int, long> limits = [];
        foreach ((string file, long limit) in files)
        {
            // A packed copy has its record's name with an ending behind it.
            string name = Path.GetFileName(file);
            if (RecordName.TryParse(name, out RecordName record) || RecordName.TryParse(Path.GetFileNameWithoutExtension(name), out record))
            {
                limits[record.Number] = Math.Max(limit, limits.GetValueOrDefault(record.Number));
            }
        }

        return limits;
    }

    private static Dictionary<string, IndexedPicture> Read(string folder, Dictionary<int, long> limits)
    {
        Dictionary<string, IndexedPicture> rows = new(StringComparer.Ordinal);
        string[] near = [Path.Combine(folder, DataLayout.Index), Path.Combine(Path.GetDirectoryName(folder) ?? folder, DataLayout.Index)];
        if (limits.Count == 0 || near.FirstOrDefault(File.Exists) is not string path)
        {
            return rows;
        }

        try
        {
            using var file = new StreamReader(path);
            int[]? columns = null;
            foreach (IReadOnlyList<string> row in CsvRows.Read(file))
            {
                if (columns is null)
                {
                    List<string> header = [.. row];
                    columns = [.. Columns.Select(column => header.IndexOf(column))];
                    if (columns.Contains(-1))
                    {
                        return rows;
                    }
                }
                else if (columns.Max() < row.Count
                    && int.TryParse(row[columns[5]], out int record) && limits.TryGetValue(record, out long limit)
                    && long.TryParse(row[columns[6]], out long place) && place < limit)
                {
                    rows[row[columns[0]]] = new IndexedPicture(row[columns[1]], row[columns[2]], row[columns[3]], row[columns[4]]);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // The pictures can be shown without it.
        }

        return rows;
    }
}
