namespace Koalarization.Checkpoints.Tensors;

/// <summary>Stored elements: a box of a tensor, and how to read it.</summary>
internal abstract class TensorPart
{
    protected TensorPart(TensorBox box)
    {
        Box = box;
    }

    public TensorBox Box { get; }

    /// <summary>Writes the box's elements, row-major and little-endian; the destination has exactly their size.</summary>
    public abstract void ReadBytes(Span<byte> destination);

    /// <summary>The box's strings, row-major.</summary>
    public abstract byte[][] ReadStrings();
}
