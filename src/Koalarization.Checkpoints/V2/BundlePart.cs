using Koalarization.Checkpoints.Binary;
using Koalarization.Checkpoints.Tensors;
using Koalarization.Records.Framing;

namespace Koalarization.Checkpoints.V2;

/// <summary>A tensor or slice at its offset in a data file.</summary>
internal sealed class BundlePart : TensorPart
{
    // Copied and summed piece by piece, so that the sum reads what is still in the cache.
    private const int PieceBytes = 3 << 14;

    private readonly BundleEntry _entry;
    private readonly ByteSource _data;

    public BundlePart(TensorBox box, BundleEntry entry, ByteSource data)
        : base(box)
    {
        _entry = entry;
        _data = data;
    }

    public override void ReadBytes(Span<byte> destination)
    {
        ReadOnlySpan<byte> stored = _data.Slice(_entry.OffsetBytes, _entry.SizeBytes);
        uint crc = 0;
        for (int start = 0; start < stored.Length; start += PieceBytes)
        {
            ReadOnlySpan<byte> piece = stored[start..Math.Min(start + PieceBytes, stored.Length)];
            piece.CopyTo(destination[start..]);
            crc = Crc32C.Append(crc, piece);
        }

        Verify(crc);
    }

    public override byte[][] ReadStrings()
    {
        byte[][] strings = StringElements.Read(
            _data.Slice(_entry.OffsetBytes, _entry.SizeBytes), Box.ElementCount, new Origin(_data.File, _entry.OffsetBytes), out uint crc);
        Verify(crc);
        return strings;
    }

    private void Verify(uint crc)
    {
        if (MaskedCrc32C.Mask(crc) != _entry.MaskedCrc)
        {
            var origin = new Origin(_data.File, _entry.OffsetBytes);
            throw origin.Checksum($"the checksum of a tensor of {_entry.SizeBytes} bytes is wrong, the file is damaged");
        }
    }
}
