using System.Collections;
using System.Globalization;
using System.Text;

namespace Koalarization.Cluster.Specs.Wire;

/// <summary>All that a message says, as text: two messages say the same when their texts are equal. Records with lists do not compare by value.</summary>
internal static class Structure
{
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string letters:
                text.Append('\'').Append(letters).Append('\'');
                break;
            case ReadOnlyMemory<byte> bytes:
                text.Append(Convert.ToHexString(bytes.Span));
                break;
            case TimeSpan time:
                text.Append(time.Ticks);
                break;
            case IDictionary dictionary:
                AppendAll(text, dictionary.Keys.Cast<string>().Order(StringComparer.Ordinal).Select(key => (object?)(key, dictionary[key])));
                break;
            case IEnumerable items:
                AppendAll(text, items.Cast<object?>());
                break;
            case IFormattable plain when value.GetType() is { IsPrimitive: true } or { IsEnum: true }:
                text.Append(plain.ToString(null, CultureInfo.InvariantCulture));
                break;
            case bool:
                text.Append(value);
                break;
            case (string key, { } item):
                text.Append(key).Append('=');
                Append(text, item);
                break;
            default:
                AppendRecord(text, value);
                break;
        }
    }

    private static void AppendAll(StringBuilder text, IEnumerable<object?> items)
    {
        text.Append('[');
        foreach (object? item in items)
        {
            Append(text, item);
            text.Append(' ');
        }

        text.Append(']');
    }

    private static void AppendRecord(StringBuilder text, object value)
    {
        text.Append(value.GetType().Name).Append('{');
        foreach (System.Reflection.PropertyInfo property in value.GetType().GetProperties().Where(one => one.GetIndexParameters().Length == 0))
        {
            text.Append(property.Name).Append(':');
            Append(text, property.GetValue(value));
            text.Append(' ');
        }

        text.Append('}');
    }
}
