using System.Buffers.Binary;
using Koalarization.Checkpoints.Binary;
using Koalarization.Records.Framing;

namespace Koalarization.Checkpoints.V2;

/// <summary>
/// Strings in a data file: the length of each as a varint, the masked checksum of those lengths, then the strings. Lengths count in
/// both checksums as little-endian integers of 4 bytes (8 where 4 are too few), however they are stored
/// (WriteStringTensor in tensorflow/core/util/tensor_bundle/tensor_bundle.cc).
/// </summary>
internal static class StringElements
{
    public const int ChecksumBytes = sizeof(uint);

    /// <summary>Reads the strings; the caller compares <paramref name="crc"/>, the checksum of all, with the entry's.</summary>
    public static byte[][] Read(ReadOnlySpan<byte> stored, long count, Origin origin, out uint crc)
    {
        crc = 0;
        int position = 0;
        var lengths = new int[count];
        Span<byte> lengthBytes = stackalloc byte[sizeof(uint)];
        for (int i = 0; i < lengths.Length; i++)
        {
            int taken = ProtoReader.DecodeVarint(stored[position..], out ulong length);
            if (taken == 0 || length > (ulong)(stored.Length - position))
            {
                throw origin.Advance(position).Format("the length of a string is not readable, or over its tensor's end");
            }

            position += taken;
            lengths[i] = (int)length;
            BinaryPrimitives.WriteUInt32LittleEndian(lengthBytes, (uint)length);
            crc = Crc32C.Append(crc, lengthBytes);
        }

        if (stored.Length - position < ChecksumBytes || BinaryPrimitives.ReadUInt32LittleEndian(stored[position..]) != MaskedCrc32C.Mask(crc))
        {
            throw origin.Advance(position).Checksum("the checksum of the strings' lengths is wrong, the file is damaged");
        }

        crc = Crc32C.Append(crc, stored.Slice(position, ChecksumBytes));
        position += ChecksumBytes;
        crc = Crc32C.Append(crc, stored[position..]);
        var strings = new byte[count][];
        for (int i = 0; i < strings.Length; i++)
        {
            if (lengths[i] > stored.Length - position)
            {
                throw origin.Advance(position).Format("a string reaches over its tensor's end");
            }

            strings[i] = stored.Slice(position, lengths[i]).ToArray();
            position += lengths[i];
        }

        return position == stored.Length ? strings : throw origin.Advance(position).Format("bytes are left over after a tensor's last string");
    }
}
