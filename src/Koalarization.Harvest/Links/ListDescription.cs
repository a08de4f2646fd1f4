namespace Koalarization.Harvest.Links;

/// <summary>What a list turned out to be, as far as it has been read.</summary>
public sealed class ListDescription
{
    /// <summary>The format of its (last) part.</summary>
    public ListFormat Format { get; internal set; }

    /// <summary>The encoding: <c>utf-8</c>, <c>utf-16</c>, ...</summary>
    public string Encoding { get; internal set; } = "utf-8";

    /// <summary>How it is packed: <c>gzip</c>, <c>tar in gzip</c>; empty when it is not.</summary>
    public string Packing { get; internal set; } = "";

    /// <summary>What separates its fields; null where nothing does.</summary>
    public char? Delimiter { get; internal set; }

    /// <summary>The names of its columns; empty where it has none.</summary>
    public IReadOnlyList<string> Columns { get; internal set; } = [];

    /// <summary>The column of the URLs; null where it has none.</summary>
    public string? UrlColumn { get; internal set; }

    /// <summary>Other columns that have URLs.</summary>
    public IReadOnlyList<string> OtherUrlColumns { get; internal set; } = [];

    /// <summary>Columns that are not kept: nested ones, bytes, and such as cannot be read.</summary>
    public IReadOnlyCollection<string> LeftOutColumns => LeftOut;

    internal SortedSet<string> LeftOut { get; } = new(StringComparer.Ordinal);

    /// <summary>The beginning of its first line that is neither empty nor a comment; null while there is none.</summary>
    public string? FirstLine { get; internal set; }

    /// <summary>The format in words: <c>CSV with semicolons, column url</c>.</summary>
    public string Text => Format switch
    {
        ListFormat.Text => "lines of text",
        ListFormat.Csv => $"CSV with {DelimiterName}{OfColumn}",
        ListFormat.Tsv => $"TSV{OfColumn}",
        ListFormat.Json => $"JSON{OfColumn}",
        ListFormat.Jsonl => $"JSON lines{OfColumn}",
        _ => $"Parquet{OfColumn}",
    };

    private string OfColumn => string.IsNullOrEmpty(UrlColumn) ? "" : UrlColumn.StartsWith("column ", StringComparison.Ordinal) ? $", {UrlColumn}" : $", column {UrlColumn}";

    private string DelimiterName => Delimiter switch { ';' => "semicolons", '|' => "bars", '\t' => "tabs", _ => "commas" };
}
