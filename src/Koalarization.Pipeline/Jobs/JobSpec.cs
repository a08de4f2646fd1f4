using Koalarization.Dataset.State;

namespace Koalarization.Pipeline.Jobs;

/// <summary>
/// What a job is to make, for a cluster and for a run. An option that is null was not given: the data set's own parameter holds, or the default. Users, the
/// store and <c>jobs.proto</c> know the options by the names of these properties in snake case; <see cref="JobOption.All"/> lists them.
/// </summary>
public sealed record JobSpec
{
    /// <summary>A file (for a cluster its full path), a URL or an archive of links, or a folder of pictures.</summary>
    public required string Source { get; init; }

    /// <summary>The data set's folder; in a cluster relative to the store.</summary>
    public required string Data { get; init; }

    /// <summary>Links left out at the list's beginning.</summary>
    public long? Skip { get; init; }

    /// <summary>Maximum number of links.</summary>
    public long? Count { get; init; }

    /// <summary>The list's format: <c>text</c>, <c>csv</c>, <c>tsv</c>, <c>json</c>, <c>jsonl</c> or <c>parquet</c>; null: by its content.</summary>
    public string? Format { get; init; }

    /// <summary>The list's column of URLs, by name or by number from 1; null: by its name or its values.</summary>
    public string? UrlColumn { get; init; }

    /// <summary>Width of the resized pictures, in pixels.</summary>
    public int? Width { get; init; }

    /// <summary>Height of the resized pictures, in pixels.</summary>
    public int? Height { get; init; }

    /// <summary>Whether picture folders fan out.</summary>
    public bool? FansOut { get; init; }

    /// <summary>Prefix of a picture's file name in <c>image_name</c>.</summary>
    public string? ImageNamePrefix { get; init; }

    /// <summary>The last stage.</summary>
    public JobEnd Until { get; init; } = JobEnd.Records;

    /// <summary>Whether links without a picture are tried again in another round.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>Pictures in a record.</summary>
    public int? PicturesPerRecord { get; init; }

    /// <summary><c>none</c>, <c>gzip</c> or <c>zlib</c>.</summary>
    public string? Compression { get; init; }

    /// <summary><c>none</c> or <c>original</c>.</summary>
    public string? Compatibility { get; init; }

    /// <summary>The weights' SHA-256, <c>random:SEED</c> or <c>simulated</c>; null: those of the first embedder that is ready.</summary>
    public string? Weights { get; init; }

    /// <summary>The precision, as <see cref="Koalarization.Dataset.State.NetworkParameters.Precision"/>; null: as the weights.</summary>
    public string? Precision { get; init; }

    /// <summary>How the links of the rounds that the job begins are fetched. What is not given of it is as in the round before, and else the default.</summary>
    public FetchRules? Fetch { get; init; }
}
