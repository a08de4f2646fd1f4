using System.Runtime.CompilerServices;
using System.Text;

namespace Koalarization.Harvest.Links;

/// <summary>Reads the links of one list, whatever its format. What the lines are is counted, and what the list is described.</summary>
/// <param name="source">The list as the user named it.</param>
/// <param name="reading">What the user asked for.</param>
/// <param name="counts">Gets what the lines are.</param>
/// <param name="description">Gets what the list is.</param>
/// <param name="spoolFolder">Where a list is kept that has to be read from its end, and cannot.</param>
internal sealed class ListReader(string source, ListReading reading, LinkListCounts counts, ListDescription description, string spoolFolder)
{
    private const int SampleLines = 50;

    /// <summary>The list's links, in its order.</summary>
    public async IAsyncEnumerable<Link> LinksAsync(ListPart part, [EnumeratorCancellation] CancellationToken cancellation)
    {
        description.Packing = part.Packing;
        await using Stream content = await ContentAsync(part, cancellation);
        await foreach (Link link in LinksAsync(content, cancellation))
        {
            yield return link;
        }
    }

    private IAsyncEnumerable<Link> LinksAsync(Stream content, CancellationToken cancellation)
    {
        switch (description.Format)
        {
            case ListFormat.Parquet:
                return FromColumnsAsync(ParquetRows.ReadAsync(source, content, description.LeftOut, cancellation), cancellation);
            case ListFormat.Json or ListFormat.Jsonl:
                var items = new JsonItems(content);
                return FromColumnsAsync(JsonRows.ReadAsync(items, cancellation), cancellation, () => description.Format = items.IsSequence ? ListFormat.Jsonl : ListFormat.Json);
            default:
                return FromLinesAsync(content, cancellation);
        }
    }

    /// <summary>The list in UTF-8 without a byte order mark, or a Parquet file that can be read from anywhere; the description gets the format.</summary>
    private async ValueTask<Stream> ContentAsync(ListPart part, CancellationToken cancellation)
    {
        (Stream stream, byte[] head) = (part.Stream, part.Head);
        if (reading.Format == ListFormat.Parquet || (reading.Format is null && head.AsSpan().StartsWith("PAR1"u8)))
        {
            (description.Format, description.Encoding) = (ListFormat.Parquet, "");
            return await SeekableAsync(part, cancellation);
        }

        if (ListEncoding.Find(head) is Encoding encoding)
        {
            description.Encoding = encoding.WebName;
            (stream, head) = await ListLayers.PeekAsync(ListEncoding.ToUtf8(stream, encoding), cancellation);
        }

        if (head is [0xEF, 0xBB, 0xBF, ..])
        {
            await stream.ReadExactlyAsync(new byte[3], cancellation);
            head = head[3..];
        }

        RefuseOther(head);
        description.Format = reading.Format ?? (IsJson(head) ? ListFormat.Json : ListFormat.Text);
        return stream;
    }

    private async ValueTask<Stream> SeekableAsync(ListPart part, CancellationToken cancellation)
    {
        if (part.Seekable is Stream seekable)
        {
            seekable.Position = 0;
            return seekable;
        }

        FileStream spool = RemoteList.NewSpool(source, spoolFolder);
        try
        {
            await part.Stream.CopyToAsync(spool, cancellation);
            spool.Position = 0;
            return spool;
        }
        catch
        {
            await spool.DisposeAsync();
            throw;
        }
    }

    private void RefuseOther(ReadOnlySpan<byte> head)
    {
        string text = Encoding.UTF8.GetString(head).TrimStart();
        bool isMarkup = text is ['<', char next, ..] && (char.IsAsciiLetter(next) || next is '!' or '?') && !text.StartsWith("<http", StringComparison.OrdinalIgnoreCase)
            && !text.StartsWith("<URL:", StringComparison.OrdinalIgnoreCase);
        if (isMarkup)
        {
            throw new LinkSourceException(source, text.Contains("html", StringComparison.OrdinalIgnoreCase)
                ? $"it is a web page (HTML), not a list{(LinkSource.IsUrl(source) ? "; it may be a page to sign in: open the address in a browser, and give the list's own address or file" : "")}"
                : $"it is XML or HTML ({LinkListCounts.Excerpt(text)}), not a list; extract the URLs, one a line");
        }

        int control = 0;
        foreach (byte b in head)
        {
            control += b is < 9 or (> 13 and < 28) ? 1 : 0;
        }

        if (control * 10 > head.Length)
        {
            throw new LinkSourceException(source, "it is binary data of no format that is known; give text, CSV, TSV, JSON or Parquet");
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> head)
    {
        string text = string.Concat(Encoding.UTF8.GetString(head).Where(letter => !char.IsWhiteSpace(letter)).Take(2));
        return text is "{\"" or "{}" or "{" or "[{" or "[\"" or "[[" or "[]" or "[";
    }

    private async IAsyncEnumerable<Link> FromLinesAsync(Stream utf8, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var lines = new ListLines(utf8, counts);
        Dialect? dialect = await DialectAsync(lines, cancellation);
        if (dialect is not null)
        {
            description.Delimiter = dialect.Delimiter;
            description.Format = dialect.Delimiter == '\t' ? ListFormat.Tsv : ListFormat.Csv;
            await foreach (Link link in FromColumnsAsync(RowsAsync(lines, dialect, cancellation), cancellation))
            {
                yield return link;
            }

            yield break;
        }

        description.Format = ListFormat.Text;
        bool isFirst = true;
        while (await lines.NextAsync(cancellation) is TextLine line)
        {
            if (!line.IsTooLong && TextLink.Several(line.Text) is { } several)
            {
                isFirst = false;
                Note(hasWords: true, line.Text);
                foreach (Link one in several)
                {
                    counts.Add(LinkLineKind.Link);
                    yield return one;
                }

                continue;
            }

            Link link = default;
            LinkLineKind kind = line.IsTooLong ? LinkLineKind.TooLong : TextLink.Parse(line.Text, out link);
            bool hasWords = kind is not (LinkLineKind.Empty or LinkLineKind.Comment);
            if (isFirst && kind == LinkLineKind.NoUrl && UrlColumn.RankOf(UrlText.Unwrapped(line.Text).ToString()) is not null)
            {
                kind = LinkLineKind.Header;
            }

            isFirst &= !hasWords;
            Note(hasWords, line.Text);
            counts.Add(kind, line.Number, line.Text);
            if (kind == LinkLineKind.Link)
            {
                yield return link;
            }
        }
    }

    private void Note(bool hasWords, string line)
    {
        if (hasWords && description.FirstLine is null)
        {
            description.FirstLine = LinkListCounts.Excerpt(line);
        }
    }

    /// <summary>How fields are separated; null: the list has no columns. Reads no further than it must, and gives the lines back.</summary>
    private async ValueTask<Dialect?> DialectAsync(ListLines lines, CancellationToken cancellation)
    {
        if (reading.Format == ListFormat.Text)
        {
            return reading.UrlColumn is null ? null : throw new LinkSourceException(source, $"lines of text have no columns, so none is called {reading.UrlColumn}");
        }

        var read = new List<TextLine>();
        var sample = new List<TextLine>();
        char? separator = null;
        while (sample.Count < SampleLines && await lines.NextAsync(cancellation) is TextLine line)
        {
            if (sample.Count == 0 && SeparatorOf(line.Text) is char named)
            {
                separator = named;
                counts.Add(LinkLineKind.Header);
                continue;
            }

            read.Add(line);
            if (line.IsTooLong || line.Text.AsSpan().Trim().IsEmpty || IsComment(line.Text, isFirst: sample.Count == 0))
            {
                continue;
            }

            sample.Add(line);
            if (sample.Count == 1 && !reading.AsksForColumns && separator is null && IsPlain(line.Text))
            {
                lines.GiveBack(read);
                return null;
            }
        }

        lines.GiveBack(read);
        Dialect? found = sample.Count == 0 ? null : await Dialect.FindAsync(sample, reading);
        return separator is char delimiter && found is not null ? found with { Delimiter = delimiter } : found;
    }

    // Excel's first line that names the separator.
    private static char? SeparatorOf(string line) =>
        line.Trim('"', ' ') is ['s', 'e', 'p', '=', char separator] && separator is ',' or ';' or '|' or '\t' ? separator : null;

    // A header may begin with the sign of a comment.
    private static bool IsComment(string line, bool isFirst) =>
        line.StartsWith('#') && !(isFirst && line.AsSpan().IndexOfAny("\t,;|") >= 0 && line.Split('\t', ',', ';', '|').Any(name => UrlColumn.RankOf(name) is not null));

    // A line of URLs, or one whose last word is a URL that nothing separates from anything, as in the original's lists; or one without separators.
    private static bool IsPlain(string line)
    {
        if (line.AsSpan().IndexOfAny("\t,;|") < 0 || TextLink.Several(line) is not null)
        {
            return true;
        }

        ReadOnlySpan<char> text = UrlText.Trimmed(line);
        ReadOnlySpan<char> word = text[TextLink.LastWord(text)..];
        return word.StartsWith("http") && word.IndexOfAny(",;|") < 0;
    }

    private async IAsyncEnumerable<ListRecord> RowsAsync(ListLines lines, Dialect dialect, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var rows = new DelimitedReader(() => lines.NextAsync(cancellation), lines.GiveBack, dialect.Delimiter);
        List<string> names = [];
        bool isFirst = true;
        while (await lines.NextAsync(cancellation) is TextLine line)
        {
            if (line.Text.AsSpan().Trim().IsEmpty && !line.IsTooLong)
            {
                counts.Add(LinkLineKind.Empty);
                continue;
            }

            if (IsComment(line.Text, isFirst && dialect.HasHeader))
            {
                counts.Add(LinkLineKind.Comment);
                continue;
            }

            DelimitedRow row = await rows.RowAsync(line);
            if (row.Line.IsTooLong)
            {
                yield return new ListRecord(row.Line.Number, []) { Problem = LinkLineKind.TooLong };
                continue;
            }

            Note(hasWords: true, row.Line.Text);
            if (isFirst && dialect.HasHeader)
            {
                names = NamesOf(row.Fields);
                counts.Add(LinkLineKind.Header);
            }
            else
            {
                while (names.Count < row.Fields.Count)
                {
                    names.Add($"column {names.Count + 1}");
                }

                yield return new ListRecord(row.Line.Number, [.. row.Fields.Select((value, i) => new ListField(names[i], value))]) { Text = row.Line.Text };
            }

            isFirst = false;
        }
    }

    private static List<string> NamesOf(IReadOnlyList<string> header)
    {
        var names = new List<string>();
        foreach (string field in header)
        {
            string name = UrlText.Trimmed(field).TrimStart('#').Trim() is { IsEmpty: false } given ? given.ToString() : $"column {names.Count + 1}";
            names.Add(names.Contains(name) ? $"{name} ({names.Count + 1})" : name);
        }

        return names;
    }

    private async IAsyncEnumerable<Link> FromColumnsAsync(
        IAsyncEnumerable<ListRecord> records, [EnumeratorCancellation] CancellationToken cancellation, Action? sampled = null)
    {
        var sample = new List<ListRecord>();
        await using IAsyncEnumerator<ListRecord> all = records.GetAsyncEnumerator(cancellation);
        bool isOver = false;
        while (sample.Count < SampleLines && !isOver)
        {
            isOver = !await all.MoveNextAsync();
            if (!isOver)
            {
                sample.Add(all.Current);
            }
        }

        sampled?.Invoke();
        string? column = Describe(sample);
        foreach (ListRecord record in sample)
        {
            if (LinkOf(record, column) is Link link)
            {
                yield return link;
            }
        }

        while (!isOver && await all.MoveNextAsync())
        {
            if (LinkOf(all.Current, column) is Link link)
            {
                yield return link;
            }
        }
    }

    private string? Describe(List<ListRecord> sample)
    {
        string? column = UrlColumn.Find(sample, reading.UrlColumn, source);
        description.UrlColumn = column;
        description.Columns = [.. sample.SelectMany(record => record.Fields).Select(field => field.Name).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
        description.OtherUrlColumns = [.. description.Columns.Where(name => name != column && sample.Any(record => UrlColumn.IsUrl(record[name])))];
        Note(sample.Count > 0, sample.Count > 0 ? TextOf(sample[0]) : "");
        return column;
    }

    private Link? LinkOf(ListRecord record, string? column)
    {
        string? value = column is null ? null : record[column];
        string url = "";
        LinkLineKind kind = record.Problem ?? (value is null ? LinkLineKind.NoUrl : UrlText.Parse(value, out url));
        counts.Add(kind, record.Number, string.IsNullOrEmpty(value) ? TextOf(record) : value);
        return kind == LinkLineKind.Link ? LinkOf(url, record, column) : null;
    }

    private static Link LinkOf(string url, ListRecord record, string? column)
    {
        ListField[] others = [.. record.Fields.Where(field => field.Name != column && !string.IsNullOrWhiteSpace(field.Value))];
        if (others.Length == 0)
        {
            return Link.Of(url);
        }

        var columns = new Dictionary<string, string>(others.Length, StringComparer.Ordinal);
        foreach (ListField field in others)
        {
            columns[field.Name] = field.Value!;
        }

        string words = string.Join('\t', others.Select(field => UrlText.Trimmed(field.Value!.ReplaceLineEndings(" ")).ToString()));
        return Link.Of(url, words) with { Columns = columns };
    }

    private static string TextOf(ListRecord record) => record.Text.Length > 0 ? record.Text : string.Join('\t', record.Fields.Select(field => field.Value));
}
