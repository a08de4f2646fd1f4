using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Koalarization.Dataset.Verifying;

/// <summary>A set of many names, 16 bytes each: of 10 million names, the names themselves would take a gigabyte. Thread-safe for adding.</summary>
internal sealed class NameSet
{
    private readonly HashSet<UInt128> _keys = [];
    private readonly Lock _gate = new();

    public void Add(string name)
    {
        UInt128 key = KeyOf(name);
        lock (_gate)
        {
            _keys.Add(key);
        }
    }

    public bool Contains(string name) => _keys.Contains(KeyOf(name));

    private static UInt128 KeyOf(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}
