using System.Text;

namespace Koalarization.Koala.Failures;

/// <summary>Reads a CSV file (RFC 4180) row by row; a quoted field may contain commas, quotes and line breaks.</summary>
internal static class CsvRows
{
    /// <summary>The rows as a stream. Each list is valid until the next row is read.</summary>
    /// <exception cref="InvalidDataException">The file ends within quotes.</exception>
    public static IEnumerable<IReadOnlyList<string>> Read(TextReader file)
    {
        var row = new List<string>();
        var field = new StringBuilder();
        bool isQuoted = false, any = false;
        for (int letter = file.Read(); letter >= 0; letter = file.Read())
        {
            any = true;
            switch ((char)letter)
            {
                case '"' when isQuoted && file.Peek() == '"':
                    field.Append((char)file.Read());
                    break;
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case ',' when !isQuoted:
                    End(row, field);
                    break;
                case '\n' when !isQuoted:
                    End(row, field);
                    yield return row;
                    row.Clear();
                    any = false;
                    break;
                case '\r' when !isQuoted && file.Peek() == '\n':
                    break;
                default:
                    field.Append((char)letter);
                    break;
            }
        }

        if (isQuoted)
        {
            throw new InvalidDataException("ends within a quoted field");
        }

        if (any)
        {
            End(row, field);
            yield return row;
        }
    }

    private static void End(List<string> row, StringBuilder field)
    {
        row.Add(field.ToString());
        field.Clear();
    }
}
