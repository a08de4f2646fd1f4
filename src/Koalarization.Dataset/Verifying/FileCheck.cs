using System.Security.Cryptography;

namespace Koalarization.Dataset;

/// <summary>Compares one file with what a row says of it.</summary>
internal sealed class FileCheck(Inspection inspection)
{
    /// <param name="name">The file's name.</param>
    /// <param name="bytes">The size that it should have.</param>
    /// <param name="sha256">The hash that it should have.</param>
    /// <param name="ownerOf">Whose content a hash is, so that two pictures that changed places are told from changed ones; null where it is nobody's.</param>
    public void Run(string name, long bytes, string sha256, Func<string, string?> ownerOf)
    {
        long? size = inspection.Store.SizeOf(name);
        if (size is null)
        {
            inspection.Say(FindingKind.Missing, name, "has a row and is not there");
        }
        else if (inspection.IsQuick)
        {
            if (size != bytes)
            {
                inspection.Say(FindingKind.Changed, name, $"has {size:N0} bytes, not {bytes:N0}");
            }
        }
        else if (HashOf(name) is string hash && !string.Equals(hash, sha256, StringComparison.Ordinal))
        {
            string? owner = ownerOf(hash);
            inspection.Say(
                owner is null ? FindingKind.Changed : FindingKind.Swapped, name, owner is null ? "does not have the hash of its row" : $"holds what belongs to {owner}");
        }

        inspection.Advance(1);
    }

    private string? HashOf(string name) => inspection.Read(name, () =>
    {
        using Stream content = inspection.Store.Open(name);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    });
}
