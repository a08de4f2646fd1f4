using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Koalarization.Koala.Reporting;

/// <summary>One event a line: <c>{"event":"left_out","step":"resize",...}</c>.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { WithoutSentence } },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // a damaged record may contain NaN
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string Line(ReportEvent message)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Options.Encoder }))
        {
            writer.WriteStartObject();
            writer.WriteString("event", JsonNamingPolicy.SnakeCaseLower.ConvertName(message.GetType().Name));
            foreach (JsonProperty property in JsonSerializer.SerializeToElement(message, message.GetType(), Options).EnumerateObject())
            {
                property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    // The sentence is the other form of the same event.
    private static void WithoutSentence(JsonTypeInfo type)
    {
        if (type.Kind == JsonTypeInfoKind.Object && type.Type.IsAssignableTo(typeof(ReportEvent)))
        {
            foreach (JsonPropertyInfo property in type.Properties.Where(property => property.Name == "sentence").ToArray())
            {
                type.Properties.Remove(property);
            }
        }
    }
}
