using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Koalarization.Dataset.Records;

/// <summary>How state is written to disk: snake_case names, unknown or missing ones refused.</summary>
internal static class DatasetJson
{
    /// <summary>For files that a person may open.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: true);

    /// <summary>For files of one object a line; what is null is left out.</summary>
    public static JsonSerializerOptions Lines { get; } = Create(indented: false);

    private static JsonSerializerOptions Create(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = indented,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = indented ? JsonIgnoreCondition.Never : JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
    };
}
