using System.Text;

namespace Koalarization.Harvest.Links;

/// <summary>
/// Reads rows of separated fields (RFC 4180). A field in quotes may have the separator, line ends and doubled quotes in it. A quote that is never closed, or
/// whose closing would take whole other rows with it, is a character like any other: captions begin with one.
/// </summary>
/// <param name="next">Gives the next line.</param>
/// <param name="giveBack">Takes lines back that were read ahead.</param>
/// <param name="delimiter">The separator.</param>
internal sealed class DelimitedReader(Func<ValueTask<TextLine?>> next, Action<IReadOnlyList<TextLine>> giveBack, char delimiter)
{
    /// <summary>The row that begins with a line.</summary>
    public async ValueTask<DelimitedRow> RowAsync(TextLine line)
    {
        if (line.IsTooLong)
        {
            return new DelimitedRow(line, []);
        }

        var fields = new List<string>();
        if (TrySplit(line.Text, fields, quotesCount: true))
        {
            return new DelimitedRow(line, fields);
        }

        return await OverLinesAsync(line) ?? Literal(line);
    }

    private async ValueTask<DelimitedRow?> OverLinesAsync(TextLine first)
    {
        var more = new List<TextLine>();
        var text = new StringBuilder(first.Text);
        while (text.Length < LinkSource.MaxLineBytes && await next() is TextLine line)
        {
            more.Add(line);
            if (line.IsTooLong || IsRowAlone(line.Text))
            {
                break;
            }

            text.Append('\n').Append(line.Text);
            if (MayClose(line.Text))
            {
                string row = text.ToString();
                var fields = new List<string>();
                if (TrySplit(row, fields, quotesCount: true))
                {
                    return new DelimitedRow(first with { Text = row }, fields);
                }
            }
        }

        giveBack(more);
        return null;
    }

    // Whether the field that is open at a line's beginning may end in it: a row of many lines is not split again for each of them.
    private bool MayClose(string line)
    {
        for (int quote = line.IndexOf('"'); quote >= 0; quote = line.IndexOf('"', quote + 1))
        {
            ReadOnlySpan<char> rest = line.AsSpan(quote + 1).TrimStart(' ');
            if (rest.IsEmpty || rest[0] == delimiter)
            {
                return true;
            }
        }

        return false;
    }

    private DelimitedRow Literal(TextLine line)
    {
        var fields = new List<string>();
        TrySplit(line.Text, fields, quotesCount: false);
        return new DelimitedRow(line, fields);
    }

    // A line that has a URL among its fields and no quote that another line would have to close.
    private bool IsRowAlone(string line)
    {
        var fields = new List<string>();
        return TrySplit(line, fields, quotesCount: true) && fields.Count > 1
            && fields.Any(UrlColumn.IsUrl) && fields.TrueForAll(field => field.Count(letter => letter == '"') % 2 == 0);
    }

    /// <summary>Splits a row; false when a quote is still open at its end.</summary>
    private bool TrySplit(string row, List<string> fields, bool quotesCount)
    {
        int at = 0;
        while (true)
        {
            int quote = at;
            while (quote < row.Length && row[quote] == ' ' && delimiter != ' ')
            {
                quote++;
            }

            if (quotesCount && quote < row.Length && row[quote] == '"')
            {
                int end = Quoted(row, quote + 1, out string value);
                if (end < 0)
                {
                    return false;
                }

                fields.Add(value);
                at = end;
            }
            else
            {
                int end = row.IndexOf(delimiter, at);
                fields.Add(end < 0 ? row[at..] : row[at..end]);
                at = end < 0 ? row.Length : end;
            }

            if (at >= row.Length)
            {
                return true;
            }

            at++;
        }
    }

    // From behind the opening quote to the separator behind the closing one, or -1.
    private int Quoted(string row, int at, out string value)
    {
        for (int i = at; i < row.Length; i++)
        {
            if (row[i] != '"')
            {
                continue;
            }

            if (i + 1 < row.Length && row[i + 1] == '"')
            {
                i++;
                continue;
            }

            int end = i + 1;
            while (end < row.Length && row[end] == ' ')
            {
                end++;
            }

            if (end == row.Length || row[end] == delimiter)
            {
                value = row[at..i].Replace("\"\"", "\"", StringComparison.Ordinal);
                return end;
            }
        }

        value = "";
        return -1;
    }
}

/// <summary>One row of separated fields.</summary>
/// <param name="Line">Where it begins, and its text.</param>
/// <param name="Fields">Its fields; none when the line is too long.</param>
internal sealed record DelimitedRow(TextLine Line, IReadOnlyList<string> Fields);
