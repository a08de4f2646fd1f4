using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Koalarization.Cluster.Coordination;
using Koalarization.Dataset.State;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Control;

/// <summary><see cref="JobsProtocol"/> in JSON, for users: the names of its members in snake case. They are stable.</summary>
internal static class JobsJson
{
    private const string FetchName = "fetch";
    private const string WhatAJobIs = "a job is a JSON object with source and data.";

    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false), new JobIdConverter() },
    };

    /// <summary>Reads a job as a user writes it; a member that is null was not given.</summary>
    /// <exception cref="ControlException">It is not a job: a member is missing, unknown, or has a value of another kind.</exception>
    public static async Task<JobSpec> ReadSpecAsync(Stream json, CancellationToken cancellation)
    {
        try
        {
            Dictionary<string, JsonElement> members = (await JsonSerializer.DeserializeAsync<Dictionary<string, JsonElement>>(json, Options, cancellation)
                ?? throw Invalid(WhatAJobIs)).Where(member => member.Value.ValueKind != JsonValueKind.Null).ToDictionary(StringComparer.Ordinal);
            JsonPropertyInfo[] properties = [.. Options.GetTypeInfo(typeof(JobSpec)).Properties];
            if (UnknownOf(typeof(JobSpec), members.Keys) is string unknown)
            {
                throw Invalid($"a job has no '{unknown}'.");
            }

            if (members.TryGetValue(FetchName, out JsonElement fetch) && fetch.ValueKind == JsonValueKind.Object
                && UnknownOf(typeof(FetchRules), fetch.EnumerateObject().Select(member => member.Name)) is string unknownRule)
            {
                throw Invalid($"a job's fetch has no '{unknownRule}'.");
            }

            if (properties.FirstOrDefault(property => property.IsRequired && !members.ContainsKey(property.Name)) is JsonPropertyInfo missing)
            {
                throw Invalid($"a job needs {missing.Name}: source is the list of links, data is the data set's folder.");
            }

            return JsonSerializer.SerializeToElement(members, Options).Deserialize<JobSpec>(Options)!;
        }
        catch (JsonException unreadable)
        {
            string member = unreadable.Path?.TrimStart('$', '.') ?? "";
            throw Invalid(member.Length > 0 ? $"'{member}' has a value of another kind than it takes." : WhatAJobIs);
        }
    }

    private static string? UnknownOf(Type type, IEnumerable<string> names) =>
        names.Except(Options.GetTypeInfo(type).Properties.Select(property => property.Name), StringComparer.Ordinal).FirstOrDefault();

    private static ControlException Invalid(string sentence) => new(ControlError.Invalid, sentence);

    private sealed class JobIdConverter : JsonConverter<JobId>
    {
        public override JobId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JobId.IsId(reader.GetString()) ? new JobId(reader.GetString()!) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, JobId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
