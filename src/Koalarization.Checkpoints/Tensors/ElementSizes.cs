namespace Koalarization.Checkpoints.Tensors;

internal static class ElementSizes
{
    /// <summary>Bytes of one element; 0 for types whose elements have no fixed size.</summary>
    public static int SizeBytes(this TensorElementType type) => type switch
    {
        TensorElementType.UInt8 or TensorElementType.Int8 or TensorElementType.Bool or TensorElementType.QInt8 or TensorElementType.QUInt8
            or TensorElementType.Float8E5M2 or TensorElementType.Float8E4M3FN or TensorElementType.Float8E4M3FNUZ
            or TensorElementType.Float8E4M3B11FNUZ or TensorElementType.Float8E5M2FNUZ
            or TensorElementType.Int4 or TensorElementType.UInt4 => 1,
        TensorElementType.Int16 or TensorElementType.UInt16 or TensorElementType.QInt16 or TensorElementType.QUInt16
            or TensorElementType.Float16 or TensorElementType.BFloat16 => 2,
        TensorElementType.Float32 or TensorElementType.Int32 or TensorElementType.UInt32 or TensorElementType.QInt32 => 4,
        TensorElementType.Float64 or TensorElementType.Int64 or TensorElementType.UInt64 or TensorElementType.Complex64 => 8,
        TensorElementType.Complex128 => 16,
        _ => 0,
    };
}
