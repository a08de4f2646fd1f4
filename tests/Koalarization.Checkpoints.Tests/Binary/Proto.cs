using Koalarization.Checkpoints.Tests.Tables;

namespace Koalarization.Checkpoints.Tests.Binary;

/// <summary>Writes fields in the protocol-buffer wire format.</summary>
internal static class Proto
{
    public static byte[] Number(int field, long value) => TableWriter.Varints((ulong)field << 3, (ulong)value);

    public static byte[] Bytes(int field, params byte[][] parts) =>
        [.. TableWriter.Varints(((ulong)field << 3) | 2, (ulong)parts.Sum(part => part.Length)), .. parts.SelectMany(part => part)];

    public static byte[] Text(int field, string text) => Bytes(field, System.Text.Encoding.UTF8.GetBytes(text));

    public static byte[] Float(int field, float value) => [.. TableWriter.Varints(((ulong)field << 3) | 5), .. BitConverter.GetBytes(value)];

    /// <summary>A TensorShapeProto in a field.</summary>
    public static byte[] Shape(int field, params long[] sizes) => Bytes(field, [.. sizes.Select(size => Bytes(2, Number(1, size)))]);

    /// <summary>A TensorSliceProto in a field; a length of -1 is left out and means all.</summary>
    public static byte[] Slice(int field, params (long Start, long Length)[] extents) =>
        Bytes(field, [.. extents.Select(extent => Bytes(1, Number(1, extent.Start), extent.Length < 0 ? [] : Number(2, extent.Length)))]);
}
