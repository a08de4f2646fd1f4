using Google.Protobuf.Collections;
using Koalarization.Cluster.Coordination;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Wire;

/// <summary>Converts what several stages share to and from ids.proto.</summary>
internal static class IdsWire
{
    public static Proto.Slice ToWire(this SliceId slice) => new() { Job = slice.Job.Value, Round = slice.Round, Slice_ = slice.Slice };

    public static SliceId FromWire(this Proto.Slice? slice) => new(new JobId(slice.Required().Job), slice.Round.Count(), slice.Slice_.Count());

    public static Proto.Record ToWire(this RecordId record) => new() { Job = record.Job.Value, Record_ = record.Record };

    public static RecordId FromWire(this Proto.Record? record) => new(new JobId(record.Required().Job), record.Record_.Count());

    public static Proto.Key ToWire(this EmbedKey key) => new() { Weights = key.Weights, Precision = key.Precision, CodecFingerprint = key.CodecFingerprint };

    public static EmbedKey FromWire(this Proto.Key? key) => new(key.Required().Weights, key.Precision, key.CodecFingerprint);

    public static void AddCounts(this RepeatedField<Proto.Count> to, IEnumerable<KeyValuePair<string, long>> counts)
    {
        foreach ((string name, long count) in counts)
        {
            to.Add(new Proto.Count { Name = name, Count_ = count });
        }
    }

    /// <summary>Adds each of a list, changed.</summary>
    public static void AddEach<TFrom, TTo>(this RepeatedField<TTo> to, IReadOnlyList<TFrom> from, Func<TFrom, TTo> change)
    {
        to.Capacity = from.Count;
        foreach (TFrom item in from)
        {
            to.Add(change(item));
        }
    }

    /// <summary>A list of each, changed.</summary>
    public static IReadOnlyList<TTo> Each<TFrom, TTo>(this RepeatedField<TFrom> from, Func<TFrom, TTo> change)
    {
        var to = new TTo[from.Count];
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = change(from[i]);
        }

        return to;
    }
}
