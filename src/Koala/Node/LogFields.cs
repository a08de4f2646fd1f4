using System.Collections;
using System.Globalization;
using System.Text.Json;
using Akka.Actor;

namespace Koalarization.Koala.Node;

/// <summary>The values of a log line as JSON has them: numbers, truth values, texts and lists of these; never the name of a type.</summary>
internal static class LogFields
{
    /// <summary>The fields by their JSON names; null: the line has none.</summary>
    public static IReadOnlyDictionary<string, object?>? Of(object? state) =>
        state is IReadOnlyList<KeyValuePair<string, object?>> { Count: > 1 } pairs
            ? pairs.Where(pair => pair.Key != "{OriginalFormat}").DistinctBy(pair => pair.Key, StringComparer.Ordinal)
                .ToDictionary(pair => JsonNamingPolicy.SnakeCaseLower.ConvertName(pair.Key), pair => ValueOf(pair.Value), StringComparer.Ordinal)
            : null;

    private static object? ValueOf(object? value) => value switch
    {
        null or string or bool or sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal => value,
        Enum name => JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString()),
        Address address => $"{address.Host}:{address.Port}",
        TimeSpan span => span.TotalSeconds,
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        Exception exception => exception.Message,
        IEnumerable items => items.Cast<object?>().Select(ValueOf).ToArray(),
        _ => value.ToString(),
    };
}
