using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Koalarization.Harvest.Links;

/// <summary>The rows of a JSON list: strings, objects, or arrays of fields.</summary>
internal static class JsonRows
{
    /// <summary>The name of the only column of a list of strings.</summary>
    public const string OnlyColumn = "";

    /// <summary>Reads a list as a stream of rows.</summary>
    public static async IAsyncEnumerable<ListRecord> ReadAsync(JsonItems items, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (JsonItem item in items.ReadAsync(cancellation))
        {
            if (item.Bytes is not byte[] bytes)
            {
                yield return new ListRecord(item.Number, []) { Problem = LinkLineKind.TooLong };
                continue;
            }

            foreach (ListRecord record in RecordsOf(item.Number, bytes))
            {
                yield return record;
            }
        }
    }

    /// <summary>Whether an object is no row itself, and has an array of rows.</summary>
    /// <param name="json">The object.</param>
    /// <param name="holders">Names of such arrays.</param>
    public static bool HoldsRows(byte[] json, IReadOnlySet<string> holders)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement value = document.RootElement;
            return value.ValueKind == JsonValueKind.Object
                && !value.EnumerateObject().Any(property => property.Value.ValueKind == JsonValueKind.String && UrlColumn.IsUrl(property.Value.GetString()))
                && value.EnumerateObject().Any(property => property.Value.ValueKind == JsonValueKind.Array && holders.Contains(property.Name));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IReadOnlyList<ListRecord> RecordsOf(long number, byte[] bytes)
    {
        string text = LinkListCounts.Excerpt(Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 400))));
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return [.. RecordsOf(number, document.RootElement).Select(record => record with { Text = text })];
        }
        catch (JsonException)
        {
            return [new ListRecord(number, []) { Problem = LinkLineKind.Malformed, Text = text }];
        }
    }

    // An array of URLs in a field (a shop's pictures of one thing) is a row for each.
    private static IEnumerable<ListRecord> RecordsOf(long number, JsonElement value)
    {
        List<ListField> fields = [.. FieldsOf(value)];
        JsonProperty? urls = value.ValueKind != JsonValueKind.Object ? null
            : value.EnumerateObject().Where(property => IsArrayOfUrls(property.Value)).Select(property => (JsonProperty?)property).FirstOrDefault();
        if (urls is not JsonProperty many || fields.Any(field => UrlColumn.RankOf(field.Name) is not null && UrlColumn.IsUrl(field.Value)))
        {
            yield return new ListRecord(number, fields);
            yield break;
        }

        int column = fields.FindIndex(field => field.Name == many.Name);
        foreach (JsonElement url in many.Value.EnumerateArray())
        {
            ListField[] row = [.. fields];
            row[column] = new ListField(many.Name, TextOf(url));
            yield return new ListRecord(number, row);
        }
    }

    private static bool IsArrayOfUrls(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
        && value.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String && UrlColumn.IsUrl(element.GetString()));

    private static IEnumerable<ListField> FieldsOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => property.Value.ValueKind == JsonValueKind.Object
            ? property.Value.EnumerateObject().Select(inner => new ListField($"{property.Name}.{inner.Name}", TextOf(inner.Value)))
            : [new ListField(property.Name, TextOf(property.Value))]),
        JsonValueKind.Array => value.EnumerateArray().Select((element, i) => new ListField($"column {i + 1}", TextOf(element))),
        _ => [new ListField(OnlyColumn, TextOf(value))],
    };

    // An array as JSON, which no field that is taken for a URL may be.
    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };
}
