namespace Koalarization.Harvest.Links;

/// <summary>How a list of links is written down.</summary>
public enum ListFormat
{
    /// <summary>One link a line, with or without words beside it.</summary>
    Text,

    /// <summary>Fields separated by commas, semicolons or bars (RFC 4180).</summary>
    Csv,

    /// <summary>Fields separated by tabs.</summary>
    Tsv,

    /// <summary>A JSON array of strings or objects, or an object that holds one.</summary>
    Json,

    /// <summary>One JSON value a line.</summary>
    Jsonl,

    /// <summary>Apache Parquet.</summary>
    Parquet,
}
