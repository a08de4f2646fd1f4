using System.Numerics;

namespace Koalarization.Records.Framing;

/// <summary>
/// The checksum as TFRecords, tables and checkpoints store it: CRC-32C rotated and moved by a constant, so that data which holds its own checksum
/// still has a telling one (TensorFlow, <c>core/lib/hash/crc32c.h</c>).
/// </summary>
public static class MaskedCrc32C
{
    private const uint Delta = 0xA282EAD8;

    /// <summary>The masked checksum of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => Mask(Crc32C.Compute(data));

    /// <summary>The form in which files store the plain checksum <paramref name="crc"/>.</summary>
    public static uint Mask(uint crc) => BitOperations.RotateRight(crc, 15) + Delta;
}
