using System.Runtime.InteropServices;
using Koalarization.Checkpoints.Binary;

namespace Koalarization.Checkpoints.Tables;

/// <summary>Where a block lies in its file; its trailer (1 byte compression, 4 bytes checksum) follows it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BlockHandle(long OffsetBytes, long SizeBytes)
{
    public const int TrailerBytes = 5;

    /// <summary>Reads two varints and gives how many bytes they took.</summary>
    public static int Decode(ReadOnlySpan<byte> bytes, Origin origin, out BlockHandle handle)
    {
        int first = ProtoReader.DecodeVarint(bytes, out ulong offset);
        int second = ProtoReader.DecodeVarint(bytes[first..], out ulong size);
        if (first == 0 || second == 0 || offset > long.MaxValue || size > long.MaxValue - TrailerBytes)
        {
            throw origin.Format("the offset of a block is not readable");
        }

        handle = new BlockHandle((long)offset, (long)size);
        return first + second;
    }
}
