using System.Text.Json;
using System.Text.Json.Serialization;

namespace Koalarization.Cluster;

/// <summary>A job as a user writes it in JSON, before it is known to make sense: any member may be missing, and there may be others.</summary>
internal sealed record JobOrder
{
    public string? Source { get; init; }

    public string? Data { get; init; }

    public long? Skip { get; init; }

    public long? Count { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public bool? FansOut { get; init; }

    public string? ImageNamePrefix { get; init; }

    public JobsProtocol.JobEnd? Until { get; init; }

    public bool? RetryFailed { get; init; }

    public int? PicturesPerRecord { get; init; }

    public string? Compression { get; init; }

    public string? Compatibility { get; init; }

    public string? Weights { get; init; }

    public string? Precision { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; init; }

    /// <summary>Reads an order.</summary>
    /// <exception cref="DoorException">It is no order.</exception>
    public static async Task<JobsProtocol.JobSpec> ReadAsync(Stream json, CancellationToken cancellation)
    {
        try
        {
            JobOrder? order = await JsonSerializer.DeserializeAsync<JobOrder>(json, JobsJson.Options, cancellation);
            return order?.Spec() ?? throw Unfit("a job is a JSON object with source and data.");
        }
        catch (JsonException unreadable)
        {
            string member = unreadable.Path?.TrimStart('$', '.') ?? "";
            throw Unfit(member.Length > 0 ? $"'{member}' has a value of another kind than it takes." : "a job is a JSON object with source and data.");
        }
    }

    private JobsProtocol.JobSpec Spec() =>
        Others?.Keys.FirstOrDefault() is string other ? throw Unfit($"a job has no '{other}'.")
        : new JobsProtocol.JobSpec
        {
            Source = Source ?? throw Unfit("a job needs source, the list of links."),
            Data = Data ?? throw Unfit("a job needs data, the data set's folder."),
            Skip = Skip,
            Count = Count,
            Width = Width,
            Height = Height,
            FansOut = FansOut,
            ImageNamePrefix = ImageNamePrefix,
            Until = Until ?? JobsProtocol.JobEnd.Records,
            RetryFailed = RetryFailed ?? false,
            PicturesPerRecord = PicturesPerRecord,
            Compression = Compression,
            Compatibility = Compatibility,
            Weights = Weights,
            Precision = Precision,
        };

    private static DoorException Unfit(string sentence) => new(DoorTrouble.Unfit, sentence);
}
