namespace Koalarization.Harvest.Links;

/// <summary>How a list of separated fields is written down.</summary>
/// <param name="Delimiter">What separates the fields.</param>
/// <param name="HasHeader">Whether the first row has the columns' names.</param>
internal sealed record Dialect(char Delimiter, bool HasHeader)
{
    private const char Tab = '\t';
    private static readonly char[] Delimiters = [Tab, ',', ';', '|'];

    /// <summary>The dialect of a list by its first lines; null: they are lines without columns.</summary>
    /// <param name="lines">The first lines, without comments and empty ones.</param>
    /// <param name="reading">What the user asked for.</param>
    public static async ValueTask<Dialect?> FindAsync(IReadOnlyList<TextLine> lines, ListReading reading)
    {
        bool isAsked = reading.AsksForColumns;
        IEnumerable<char> delimiters = reading.Format switch
        {
            ListFormat.Tsv => [Tab],
            ListFormat.Csv => Delimiters.Where(delimiter => delimiter != Tab).Append(Tab),
            _ => Delimiters,
        };
        Dialect? best = null;
        int columns = 0;
        foreach (char delimiter in delimiters)
        {
            List<IReadOnlyList<string>> rows = await RowsAsync(lines, delimiter);
            if (rows.Count > 0 && rows[0].Count > columns && Of(rows, lines, delimiter, isAsked) is Dialect found)
            {
                (best, columns) = (found, rows[0].Count);
            }
        }

        return best ?? (isAsked && lines.Count > 0 ? new Dialect(reading.Format == ListFormat.Tsv ? Tab : ',', !HasUrl(await FirstRowAsync(lines))) : null);
    }

    private static async ValueTask<IReadOnlyList<string>> FirstRowAsync(IReadOnlyList<TextLine> lines) => (await RowsAsync(lines, ','))[0];

    private static Dialect? Of(List<IReadOnlyList<string>> rows, IReadOnlyList<TextLine> lines, char delimiter, bool isAsked)
    {
        IReadOnlyList<string> first = rows[0];
        if (first.Count < 2)
        {
            return null;
        }

        bool hasHeader = !HasUrl(first);
        List<IReadOnlyList<string>> body = hasHeader ? rows[1..] : rows;
        int alike = body.Count(row => row.Count == first.Count);
        int column = Enumerable.Range(0, first.Count).Where(i => body.Count(row => IsUrlAt(row, i)) * 2 >= Math.Max(1, body.Count)).DefaultIfEmpty(-1).First();
        if (hasHeader)
        {
            bool isNamed = first.Any(name => UrlColumn.RankOf(name) is not null);
            return alike * 2 >= body.Count && (isNamed || column >= 0) ? new Dialect(delimiter, HasHeader: true) : null;
        }

        bool isTable = isAsked || delimiter == Tab || lines[0].Text.Contains('"') || SeparatesFields(body, column);
        return column >= 0 && alike * 10 >= body.Count * 9 && isTable ? new Dialect(delimiter, HasHeader: false) : null;
    }

    // Commas and the like are also parts of URLs ("http://a/1,2.jpg") and stand behind them ("http://a/1.jpg,").
    private static bool SeparatesFields(List<IReadOnlyList<string>> rows, int column)
    {
        if (column == rows[0].Count - 1)
        {
            return true;
        }

        IReadOnlyList<string>[] whole = [.. rows.Where(row => row.Count > column + 1)];
        int parts = whole.Count(row => row.Skip(column + 1).Any(field => ContinuesUrl(row[column], field)));
        int pictures = rows.Count(row => row.Count > column && TextLink.EndsAsPicture(UrlText.Unwrapped(row[column])));
        return parts * 2 < whole.Length
            && !whole.All(row => row.Skip(column + 1).All(string.IsNullOrWhiteSpace))
            && (pictures * 2 >= rows.Count || rows.Count >= 3);
    }

    private static bool ContinuesUrl(string url, string field) =>
        TextLink.EndsAsPicture(field)
        || (!field.StartsWith(' ') && field.AsSpan().IndexOfAny("/=?&") >= 0 && !UrlColumn.IsUrl(field))
        || (field.Length > 0 && field.All(char.IsAsciiDigit) && url.Contains('=', StringComparison.Ordinal) && char.IsAsciiDigit(url[^1]))
        || IsSetting(field);

    // What image servers take behind commas: "w_303", "q_90".
    private static bool IsSetting(string field) =>
        field.IndexOf('_', StringComparison.Ordinal) is >= 1 and <= 3 and int end
        && field.Length > end + 1
        && field[..end].All(char.IsAsciiLetterLower)
        && field[(end + 1)..].All(char.IsAsciiLetterOrDigit);

    private static bool HasUrl(IReadOnlyList<string> row) => row.Any(UrlColumn.IsUrl);

    private static bool IsUrlAt(IReadOnlyList<string> row, int column) => row.Count > column && UrlColumn.IsUrl(row[column]);

    private static async ValueTask<List<IReadOnlyList<string>>> RowsAsync(IReadOnlyList<TextLine> lines, char delimiter)
    {
        var left = new Stack<TextLine>(lines.Reverse());
        var reader = new DelimitedReader(
            () => ValueTask.FromResult(left.TryPop(out TextLine line) ? line : (TextLine?)null),
            back => back.Reverse().ToList().ForEach(left.Push),
            delimiter);
        var rows = new List<IReadOnlyList<string>>();
        while (left.TryPop(out TextLine line))
        {
            rows.Add((await reader.RowAsync(line)).Fields);
        }

        return rows;
    }
}
