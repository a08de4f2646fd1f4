using Koalarization.Checkpoints.Binary;

namespace Koalarization.Checkpoints.Tensors;

/// <summary>A tensor and its parts, which together hold each element exactly once.</summary>
internal sealed class StoredTensor
{
    // Whether parts overlap is checked pair by pair.
    private const int MaxParts = 4096;

    private readonly TensorShape _shape;
    private readonly IReadOnlyList<TensorPart> _parts;

    private StoredTensor(TensorInfo info, TensorShape shape, IReadOnlyList<TensorPart> parts)
    {
        Info = info;
        _shape = shape;
        _parts = parts;
    }

    public TensorInfo Info { get; }

    /// <summary>Puts parts together.</summary>
    /// <exception cref="CheckpointException">They leave elements out, or hold some twice.</exception>
    public static StoredTensor Create(string name, TensorElementType type, TensorShape shape, IReadOnlyList<TensorPart> parts, Origin origin)
    {
        if (parts.Count > MaxParts)
        {
            throw origin.Unsupported($"tensor '{name}' is stored in {parts.Count} slices, over the limit of {MaxParts}");
        }

        Int128 stored = 0;
        for (int i = 0; i < parts.Count; i++)
        {
            stored += parts[i].Box.ElementCount;
            for (int j = 0; j < i; j++)
            {
                if (parts[i].Box.Overlaps(parts[j].Box))
                {
                    throw origin.Format($"slices of tensor '{name}' overlap");
                }
            }
        }

        if (type == TensorElementType.String && shape.ElementCount > Array.MaxLength)
        {
            throw origin.Unsupported($"tensor '{name}' has more strings than a list can hold");
        }

        if (stored != shape.ElementCount)
        {
            throw origin.Format($"tensor '{name}' has {shape.ElementCount} elements, and its slices hold {stored}");
        }

        return new StoredTensor(new TensorInfo(name, type, shape.Dimensions, shape.ElementCount), shape, parts);
    }

    /// <summary>Reads all elements, row-major and little-endian, into a destination of exactly their size.</summary>
    public void ReadBytes(Span<byte> destination)
    {
        int size = Info.ElementType.SizeBytes();
        foreach (TensorPart part in _parts)
        {
            if (part.Box.Covers(_shape))
            {
                part.ReadBytes(destination);
            }
            else
            {
                var bytes = new byte[part.Box.ElementCount * size];
                part.ReadBytes(bytes);
                part.Box.Scatter<byte>(bytes, destination, _shape, size);
            }
        }
    }

    /// <summary>Reads all strings, row-major.</summary>
    public byte[][] ReadStrings()
    {
        if (_parts is [{ } only] && only.Box.Covers(_shape))
        {
            return only.ReadStrings();
        }

        var strings = new byte[_shape.ElementCount][];
        foreach (TensorPart part in _parts)
        {
            part.Box.Scatter<byte[]>(part.ReadStrings(), strings, _shape, 1);
        }

        return strings;
    }
}
