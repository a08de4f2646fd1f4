using System.Runtime.InteropServices;

namespace Koalarization.Records.Examples;

/// <summary>The value of one feature of an <see cref="Example"/>: a list of one kind.</summary>
public abstract class Feature
{
    private protected Feature()
    {
    }

    /// <summary>How many values the list has.</summary>
    public abstract int Count { get; }
}

/// <summary>A feature without a kind: its key is there and nothing else.</summary>
public sealed class EmptyFeature : Feature
{
    internal static readonly EmptyFeature Instance = new();

    private EmptyFeature()
    {
    }

    /// <inheritdoc/>
    public override int Count => 0;
}

/// <summary>A <c>bytes_list</c>.</summary>
public sealed class BytesFeature : Feature
{
    internal BytesFeature(IReadOnlyList<ReadOnlyMemory<byte>> values) => Values = values;

    /// <summary>The strings of bytes; views of the record.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Values { get; }

    /// <inheritdoc/>
    public override int Count => Values.Count;
}

/// <summary>A <c>float_list</c>.</summary>
public sealed class FloatFeature : Feature
{
    private readonly ReadOnlyMemory<byte> _littleEndian;

    internal FloatFeature(ReadOnlyMemory<byte> littleEndian) => _littleEndian = littleEndian;

    /// <summary>
    /// The numbers, bit for bit. As a rule a view of the record at whatever address they lie, which need not be a multiple of four;
    /// that is harmless on x64 and arm64.
    /// </summary>
    public ReadOnlySpan<float> Values => MemoryMarshal.Cast<byte, float>(_littleEndian.Span);

    /// <inheritdoc/>
    public override int Count => _littleEndian.Length / sizeof(float);
}

/// <summary>An <c>int64_list</c>.</summary>
public sealed class Int64Feature : Feature
{
    private readonly long[] _values;

    internal Int64Feature(long[] values) => _values = values;

    /// <summary>The numbers.</summary>
    public ReadOnlySpan<long> Values => _values;

    /// <inheritdoc/>
    public override int Count => _values.Length;
}
