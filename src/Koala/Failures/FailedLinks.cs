using Koalarization.Dataset.Slices;
using Koalarization.Dataset.Storage;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Failures;

/// <summary>One link without a picture, as <c>index.csv</c> has it.</summary>
internal sealed record FailedLink(string Name, string Url, string Round, string Outcome, string Detail)
{
    /// <summary>The URL's host; empty for a picture of a folder.</summary>
    public string Host => Uri.TryCreate(Url, UriKind.Absolute, out Uri? uri) ? uri.Host : Url.Length > 0 ? "(no host)" : "";
}

/// <summary>The links of a data set that have no picture.</summary>
internal sealed class FailedLinks(string data)
{
    private static readonly string[] Columns = ["name", "url", "round", "outcome", "detail"];

    /// <summary>Links of the set.</summary>
    public long Links { get; private set; }

    /// <summary>Links that have no outcome yet.</summary>
    public long Open { get; private set; }

    /// <summary>Reads them as a stream.</summary>
    /// <exception cref="UserErrorException">There is no index, or it was not written by this program.</exception>
    public IEnumerable<FailedLink> Read()
    {
        string path = Path.Combine(data, DataLayout.Index);
        if (!File.Exists(path))
        {
            throw new UserErrorException(
                !Directory.Exists(data) ? $"{data} does not exist."
                : File.Exists(Path.Combine(data, DataLayout.Job)) ? $"{data} has no index.csv; it is written at the end of each koala run."
                : $"{data} has no index.csv: {WrongFolder.Hint(data, FolderUse.DataSet)}.");
        }

        using var file = new StreamReader(path);
        using IEnumerator<IReadOnlyList<string>> rows = CsvRows.Read(file).GetEnumerator();
        string[] header = Next(path, rows) ? [.. rows.Current] : [];
        int[] columns = [.. Columns.Select(column => Array.IndexOf(header, column))];
        if (columns.Contains(-1))
        {
            throw NotAnIndex(path);
        }

        while (Next(path, rows))
        {
            IReadOnlyList<string> row = rows.Current;
            if (row.Count != header.Length)
            {
                throw NotAnIndex(path);
            }

            Links++;
            var link = new FailedLink(row[columns[0]], row[columns[1]], row[columns[2]], row[columns[3]], row[columns[4]]);
            if (link.Outcome.Length == 0)
            {
                Open++;
            }
            else if (link.Outcome != LinkRow.Kept)
            {
                yield return link;
            }
        }
    }

    private static UserErrorException NotAnIndex(string path) => new($"{path} is not an index written by koala; run the same koala run again to rebuild it.");

    private static bool Next(string path, IEnumerator<IReadOnlyList<string>> rows)
    {
        try
        {
            return rows.MoveNext();
        }
        catch (InvalidDataException)
        {
            throw NotAnIndex(path);
        }
    }
}
