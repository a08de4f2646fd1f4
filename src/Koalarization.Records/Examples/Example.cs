using System.Text;

namespace Koalarization.Records.Examples;

/// <summary>
/// A decoded <c>tf.train.Example</c> (TensorFlow, <c>core/example/example.proto</c>): features by name. Packed and unpacked lists are
/// read, unknown fields are passed over, and of a repeated name the last counts, as protocol buffers have it.
/// </summary>
public sealed class Example
{
    private const int FeaturesOfExample = 1;
    private const int EntriesOfFeatures = 1;
    private const int KeyOfEntry = 1;
    private const int ValueOfEntry = 2;

    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private Example(IReadOnlyDictionary<string, Feature> features) => Features = features;

    /// <summary>The features by name.</summary>
    public IReadOnlyDictionary<string, Feature> Features { get; }

    /// <summary>
    /// Decodes one record's data. Strings of bytes and floats are views of <paramref name="record"/>: copy it first where it is
    /// overwritten before the Example is done with.
    /// </summary>
    /// <exception cref="ExampleException">The bytes are no Example.</exception>
    public static Example Parse(ReadOnlyMemory<byte> record)
    {
        var features = new Dictionary<string, Feature>(StringComparer.Ordinal);
        var example = new WireReader(record, 0);
        while (example.TryReadTag(out int field, out WireType type))
        {
            if (field == FeaturesOfExample && type == WireType.LengthDelimited)
            {
                ReadFeatures(example.ReadMessage(), features);
            }
            else
            {
                example.Skip(field, type);
            }
        }

        return new Example(features);
    }

    private static void ReadFeatures(WireReader map, Dictionary<string, Feature> features)
    {
        while (map.TryReadTag(out int field, out WireType type))
        {
            if (field == EntriesOfFeatures && type == WireType.LengthDelimited)
            {
                (string key, Feature feature) = ReadEntry(map.ReadMessage());
                features[key] = feature;
            }
            else
            {
                map.Skip(field, type);
            }
        }
    }

    private static (string Key, Feature Value) ReadEntry(WireReader entry)
    {
        string key = "";
        var value = new FeatureParser();
        while (entry.TryReadTag(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (KeyOfEntry, WireType.LengthDelimited):
                    key = ReadKey(entry.ReadBytes(out int at).Span, at);
                    break;
                case (ValueOfEntry, WireType.LengthDelimited):
                    value.Merge(entry.ReadMessage());
                    break;
                default:
                    entry.Skip(field, type);
                    break;
            }
        }

        return (key, value.ToFeature());
    }

    private static string ReadKey(ReadOnlySpan<byte> utf8, int offset)
    {
        try
        {
            return s_strictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw new ExampleException(offset, "a feature's name is not UTF-8");
        }
    }
}
