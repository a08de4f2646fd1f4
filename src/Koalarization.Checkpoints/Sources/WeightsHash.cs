using System.Security.Cryptography;
using System.Text;
using Koalarization.Checkpoints.Binary;

namespace Koalarization.Checkpoints.Sources;

/// <summary>The identity that <see cref="Checkpoint.Sha256"/> describes.</summary>
internal static class WeightsHash
{
    private const int ChunkBytes = 1 << 24;

    public static string Of(IReadOnlyList<ByteSource> sources)
    {
        string[] hashes = [.. sources.Select(OfFile)];
        return hashes is [string only]
            ? only
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(hashes.Select(hash => hash + "\n")))));
    }

    private static string OfFile(ByteSource source)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long offset = 0; offset < source.Length; offset += ChunkBytes)
        {
            hash.AppendData(source.Slice(offset, Math.Min(ChunkBytes, source.Length - offset)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
