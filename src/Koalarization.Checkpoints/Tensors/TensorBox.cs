namespace Koalarization.Checkpoints.Tensors;

/// <summary>A box inside a tensor with its bounds known to be inside.</summary>
internal sealed class TensorBox
{
    public TensorBox(long[] starts, long[] lengths)
    {
        Starts = starts;
        Lengths = lengths;
        ElementCount = lengths.Aggregate(1L, (product, length) => product * length);
    }

    public long[] Starts { get; }

    public long[] Lengths { get; }

    public long ElementCount { get; }

    public bool Covers(TensorShape shape) => ElementCount == shape.ElementCount && Lengths.AsSpan().SequenceEqual(shape.Dimensions);

    public bool Overlaps(TensorBox other)
    {
        if (ElementCount == 0 || other.ElementCount == 0)
        {
            return false;
        }

        for (int i = 0; i < Starts.Length; i++)
        {
            if (Starts[i] + Lengths[i] <= other.Starts[i] || other.Starts[i] + other.Lengths[i] <= Starts[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Copies the box's elements, row-major, to their positions in the whole tensor.</summary>
    /// <param name="source">The box's elements.</param>
    /// <param name="destination">The whole tensor's elements.</param>
    /// <param name="shape">The whole tensor's shape.</param>
    /// <param name="elementsPerValue">How many entries of the spans make one element of the tensor: the element's bytes, or 1.</param>
    public void Scatter<T>(ReadOnlySpan<T> source, Span<T> destination, TensorShape shape, int elementsPerValue)
    {
        if (ElementCount == 0)
        {
            return;
        }

        // The innermost dimensions that are whole are one run together with the first that is not.
        int outer = Starts.Length;
        long run = elementsPerValue;
        while (outer > 0)
        {
            outer--;
            run *= Lengths[outer];
            if (Lengths[outer] != shape.Dimensions[outer])
            {
                break;
            }
        }

        var strides = new long[Starts.Length];
        long stride = elementsPerValue;
        for (int i = Starts.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape.Dimensions[i];
        }

        var index = new long[outer];
        while (true)
        {
            long target = outer < Starts.Length ? Starts[outer] * strides[outer] : 0;
            for (int i = 0; i < outer; i++)
            {
                target += (Starts[i] + index[i]) * strides[i];
            }

            source[..(int)run].CopyTo(destination[(int)target..]);
            source = source[(int)run..];
            int axis = outer - 1;
            while (axis >= 0 && ++index[axis] == Lengths[axis])
            {
                index[axis--] = 0;
            }

            if (axis < 0)
            {
                return;
            }
        }
    }
}
