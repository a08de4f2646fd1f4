using Koalarization.Checkpoints.Binary;

namespace Koalarization.Checkpoints.Tensors;

/// <summary>A box inside a tensor, as stored (TensorSliceProto): for each dimension a start and a length.</summary>
internal sealed class TensorSlice
{
    /// <summary>Means "the whole dimension".</summary>
    public const long Full = -1;

    private TensorSlice(long[] starts, long[] lengths)
    {
        Starts = starts;
        Lengths = lengths;
    }

    public long[] Starts { get; }

    /// <summary>Lengths, or <see cref="Full"/>.</summary>
    public long[] Lengths { get; }

    public static TensorSlice Parse(ProtoReader slice)
    {
        var starts = new List<long>();
        var lengths = new List<long>();
        while (slice.Next())
        {
            if (slice.Field != 1)
            {
                continue;
            }

            long start = 0;
            long length = Full;
            for (ProtoReader extent = slice.Message(); extent.Next();)
            {
                switch (extent.Field)
                {
                    case 1:
                        start = extent.Int64();
                        break;
                    case 2:
                        length = extent.Int64();
                        break;
                    default:
                        break;
                }
            }

            if (start < 0 || length < Full || (length == Full && start != 0))
            {
                throw slice.Here.Format("a slice has impossible bounds");
            }

            starts.Add(start);
            lengths.Add(length);
        }

        return new TensorSlice([.. starts], [.. lengths]);
    }

    /// <summary>The box with its lengths filled in; refused when it does not lie inside <paramref name="shape"/>.</summary>
    public TensorBox Within(TensorShape shape, Origin origin)
    {
        if (Starts.Length != shape.Dimensions.Length)
        {
            throw origin.Format("a slice has another number of dimensions than its tensor");
        }

        var lengths = new long[Starts.Length];
        for (int i = 0; i < lengths.Length; i++)
        {
            long extent = shape.Dimensions[i];
            lengths[i] = Lengths[i] == Full ? extent : Lengths[i];
            if (Starts[i] > extent || lengths[i] > extent - Starts[i])
            {
                throw origin.Format("a slice reaches over its tensor's edge");
            }
        }

        return new TensorBox(Starts, lengths);
    }
}
