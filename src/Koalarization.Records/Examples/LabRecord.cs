using System.Text;

namespace Koalarization.Records.Examples;

/// <summary>One picture's record, decoded and checked: lists are there, of their kind, and of lengths that belong together.</summary>
public sealed class LabRecord
{
    private readonly ReadOnlyMemory<byte> _name;
    private readonly FloatFeature _luminance;
    private readonly FloatFeature _ab;
    private readonly FloatFeature _embedding;

    private LabRecord(ReadOnlyMemory<byte> name, int size, FloatFeature luminance, FloatFeature ab, FloatFeature embedding)
    {
        _name = name;
        Size = size;
        _luminance = luminance;
        _ab = ab;
        _embedding = embedding;
    }

    /// <summary>The picture's path as it was given; bytes that are no UTF-8 show as U+FFFD.</summary>
    public string Name => Encoding.UTF8.GetString(_name.Span);

    /// <summary>The picture's path as it was given, byte for byte.</summary>
    public ReadOnlySpan<byte> NameUtf8 => _name.Span;

    /// <summary>S, the picture's width and height.</summary>
    public int Size { get; }

    /// <summary>[S, S], row by row, 2 L / 100 - 1: from -1 (black) to 1 (white).</summary>
    public ReadOnlySpan<float> Luminance => _luminance.Values;

    /// <summary>[S, S, 2], a and b interleaved, each over 127: within -1 and 1 for every sRGB colour.</summary>
    public ReadOnlySpan<float> Ab => _ab.Values;

    /// <summary>The network's logits; 0 is the background, i the label i - 1.</summary>
    public ReadOnlySpan<float> Embedding => _embedding.Values;

    /// <summary>
    /// Decodes one record's data. Everything is a view of <paramref name="record"/>: copy it first where it is overwritten before
    /// the picture is done with.
    /// </summary>
    /// <exception cref="ExampleException">The bytes are no Example, or a feature is missing or of a wrong kind or length.</exception>
    public static LabRecord Parse(ReadOnlyMemory<byte> record) => From(Example.Parse(record));

    /// <summary>Takes a picture's features out of a decoded Example; other features are passed over.</summary>
    /// <exception cref="ExampleException">A feature is missing or of a wrong kind or length.</exception>
    public static LabRecord From(Example example)
    {
        ArgumentNullException.ThrowIfNull(example);
        FloatFeature luminance = Floats(example, LabFeatures.Luminance);
        int size = (int)Math.Sqrt(luminance.Count);
        if (size == 0 || size * size != luminance.Count)
        {
            throw new ExampleException(LabFeatures.Luminance, $"{luminance.Count} floats are no square picture");
        }

        FloatFeature ab = Floats(example, LabFeatures.Ab);
        if (ab.Count != 2 * luminance.Count)
        {
            throw new ExampleException(
                LabFeatures.Ab, $"{ab.Count} floats where {2 * luminance.Count} belong to a picture of {size} x {size}");
        }

        FloatFeature embedding = Floats(example, LabFeatures.Embedding);
        if (embedding.Count == 0)
        {
            throw new ExampleException(LabFeatures.Embedding, "it has no floats");
        }

        BytesFeature name = Get<BytesFeature>(example, LabFeatures.Name, "bytes");
        if (name.Count != 1)
        {
            throw new ExampleException(LabFeatures.Name, $"{name.Count} strings where one belongs");
        }

        return new LabRecord(name.Values[0], size, luminance, ab, embedding);
    }

    private static FloatFeature Floats(Example example, string name) => Get<FloatFeature>(example, name, "floats");

    private static T Get<T>(Example example, string name, string kind)
        where T : Feature
    {
        if (!example.Features.TryGetValue(name, out Feature? feature))
        {
            throw new ExampleException(name, "it is missing");
        }

        return feature as T ?? throw new ExampleException(name, $"it is no list of {kind}");
    }
}
