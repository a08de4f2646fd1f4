namespace Koalarization.Checkpoints.Tensors;

/// <summary>Element types, numbered as TensorFlow's <c>DataType</c> (tensorflow/core/framework/types.proto).</summary>
public enum TensorElementType
{
    /// <summary>No type; never in a readable checkpoint.</summary>
    Invalid = 0,

    /// <summary>IEEE 754 single precision.</summary>
    Float32 = 1,

    /// <summary>IEEE 754 double precision.</summary>
    Float64 = 2,

    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 3,

    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8 = 4,

    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 5,

    /// <summary>Signed 8-bit integer.</summary>
    Int8 = 6,

    /// <summary>Strings of bytes, each of its own length.</summary>
    String = 7,

    /// <summary>Two float32: real part, imaginary part.</summary>
    Complex64 = 8,

    /// <summary>Signed 64-bit integer.</summary>
    Int64 = 9,

    /// <summary>One byte, 0 or 1.</summary>
    Bool = 10,

    /// <summary>Quantised signed 8-bit integer.</summary>
    QInt8 = 11,

    /// <summary>Quantised unsigned 8-bit integer.</summary>
    QUInt8 = 12,

    /// <summary>Quantised signed 32-bit integer.</summary>
    QInt32 = 13,

    /// <summary>The upper half of a float32.</summary>
    BFloat16 = 14,

    /// <summary>Quantised signed 16-bit integer.</summary>
    QInt16 = 15,

    /// <summary>Quantised unsigned 16-bit integer.</summary>
    QUInt16 = 16,

    /// <summary>Unsigned 16-bit integer.</summary>
    UInt16 = 17,

    /// <summary>Two float64: real part, imaginary part.</summary>
    Complex128 = 18,

    /// <summary>IEEE 754 half precision.</summary>
    Float16 = 19,

    /// <summary>A handle of a running program; has no bytes to read.</summary>
    Resource = 20,

    /// <summary>A value of any kind; not read here.</summary>
    Variant = 21,

    /// <summary>Unsigned 32-bit integer.</summary>
    UInt32 = 22,

    /// <summary>Unsigned 64-bit integer.</summary>
    UInt64 = 23,

    /// <summary>8-bit float, 5 bits of exponent.</summary>
    Float8E5M2 = 24,

    /// <summary>8-bit float, 4 bits of exponent, no infinities.</summary>
    Float8E4M3FN = 25,

    /// <summary>8-bit float, 4 bits of exponent, no infinities, no negative zero.</summary>
    Float8E4M3FNUZ = 26,

    /// <summary>8-bit float, 4 bits of exponent with bias 11, no infinities, no negative zero.</summary>
    Float8E4M3B11FNUZ = 27,

    /// <summary>8-bit float, 5 bits of exponent, no infinities, no negative zero.</summary>
    Float8E5M2FNUZ = 28,

    /// <summary>Signed 4-bit integer, stored in a byte of its own.</summary>
    Int4 = 29,

    /// <summary>Unsigned 4-bit integer, stored in a byte of its own.</summary>
    UInt4 = 30,
}

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
