namespace Koalarization.Harvest.Links;

/// <summary>How a list of links is to be read.</summary>
public sealed record ListReading
{
    /// <summary>The reader of versions up to 0.1: lines of UTF-8 text, in gzip and tar.</summary>
    public const int FirstVersion = 1;

    /// <summary>The newest reader.</summary>
    public const int NewestVersion = 2;

    /// <summary>The reader. A data set keeps the one that it began with, because another one may find other links.</summary>
    public int Version { get; init; } = NewestVersion;

    /// <summary>The format; null: by content.</summary>
    public ListFormat? Format { get; init; }

    /// <summary>The column of the URLs, by its name or its number from 1; null: by its name or its values.</summary>
    public string? UrlColumn { get; init; }

    /// <summary>Whether the user says that it has columns.</summary>
    internal bool AsksForColumns => Format is ListFormat.Csv or ListFormat.Tsv || UrlColumn is not null;

    /// <summary>A format by its name on the command line; null when there is none of that name.</summary>
    public static ListFormat? FormatOf(string? name) => name switch
    {
        "text" => ListFormat.Text,
        "csv" => ListFormat.Csv,
        "tsv" => ListFormat.Tsv,
        "json" => ListFormat.Json,
        "jsonl" => ListFormat.Jsonl,
        "parquet" => ListFormat.Parquet,
        _ => null,
    };
}
