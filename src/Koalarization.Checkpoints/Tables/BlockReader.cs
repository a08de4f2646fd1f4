using System.Buffers.Binary;
using Koalarization.Checkpoints.Binary;

namespace Koalarization.Checkpoints.Tables;

/// <summary>
/// Walks the entries of one block, in the order of their keys. An entry is three varints (bytes of the key shared with the one
/// before, further bytes, bytes of the value), then those key bytes, then the value; restart points and their count end the block.
/// </summary>
internal ref struct BlockReader
{
    private readonly ReadOnlySpan<byte> _entries;
    private readonly Origin _origin;
    private byte[] _key = new byte[64];
    private int _keyBytes;
    private int _position;
    private int _valueStart;

    public BlockReader(ReadOnlySpan<byte> block, Origin origin)
    {
        uint restarts = block.Length < sizeof(uint) ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(block[^sizeof(uint)..]);
        if (restarts > (block.Length / sizeof(uint)) - 1)
        {
            throw origin.Format("a block's end is not readable");
        }

        _entries = block[..^(int)(sizeof(uint) * (restarts + 1))];
        _origin = origin;
    }

    public readonly ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyBytes);

    public readonly ReadOnlySpan<byte> Value => _entries[_valueStart.._position];

    public readonly Origin ValueOrigin => _origin.Advance(_valueStart);

    /// <summary>Moves to the next entry; false at the end.</summary>
    public bool Next()
    {
        if (_position == _entries.Length)
        {
            return false;
        }

        int shared = Number();
        int further = Number();
        int valueBytes = Number();
        if (shared > _keyBytes || further > _entries.Length - _position || valueBytes > _entries.Length - _position - further)
        {
            throw _origin.Advance(_position).Format("an entry is longer than its block");
        }

        _keyBytes = shared + further;
        if (_keyBytes > _key.Length)
        {
            Array.Resize(ref _key, Math.Max(_keyBytes, 2 * _key.Length));
        }

        _entries.Slice(_position, further).CopyTo(_key.AsSpan(shared));
        _valueStart = _position + further;
        _position = _valueStart + valueBytes;
        return true;
    }

    private int Number()
    {
        int length = ProtoReader.DecodeVarint(_entries[_position..], out ulong value);
        if (length == 0 || value > int.MaxValue)
        {
            throw _origin.Advance(_position).Format("an entry of a block is not readable");
        }

        _position += length;
        return (int)value;
    }
}
