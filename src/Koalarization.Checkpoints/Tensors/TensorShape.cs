using Koalarization.Checkpoints.Binary;

namespace Koalarization.Checkpoints.Tensors;

/// <summary>A known shape (TensorShapeProto) whose number of elements fits.</summary>
internal sealed class TensorShape
{
    // TensorFlow's own limit.
    private const int MaxDimensions = 254;

    private TensorShape(long[] dimensions, long elementCount)
    {
        Dimensions = dimensions;
        ElementCount = elementCount;
    }

    public static TensorShape Scalar { get; } = new([], 1);

    public long[] Dimensions { get; }

    public long ElementCount { get; }

    public static TensorShape Parse(ProtoReader shape)
    {
        var dimensions = new List<long>();
        while (shape.Next())
        {
            switch (shape.Field)
            {
                case 2:
                    long size = 0;
                    for (ProtoReader dimension = shape.Message(); dimension.Next();)
                    {
                        size = dimension.Field == 1 ? dimension.Int64() : size;
                    }

                    dimensions.Add(size);
                    break;
                case 3 when shape.Varint() != 0:
                    throw shape.Here.Format("a tensor has no known shape");
                default:
                    break;
            }
        }

        // A zero makes the product zero, but must not hide an overflow of the others.
        Int128 count = 1;
        Int128 withoutZeros = 1;
        foreach (long size in dimensions)
        {
            count *= size;
            withoutZeros *= size == 0 ? 1 : size;
            if (size < 0 || withoutZeros > long.MaxValue / 16 || dimensions.Count > MaxDimensions)
            {
                throw shape.Here.Format("a tensor has an impossible shape");
            }
        }

        return new TensorShape([.. dimensions], (long)count);
    }
}
