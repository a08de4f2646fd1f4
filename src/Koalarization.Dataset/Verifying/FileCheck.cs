using System.Collections.Concurrent;
using System.Security.Cryptography;
using Koalarization.Dataset.Wording;

namespace Koalarization.Dataset.Verifying;

/// <summary>Compares files with what rows say of them.</summary>
internal sealed class FileCheck(Inspection inspection)
{
    private readonly ConcurrentBag<(string Name, string Sha256)> _others = [];

    /// <summary>Compares one file.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="bytes">The size that it should have.</param>
    /// <param name="sha256">The hash that it should have.</param>
    public void Run(string name, long bytes, string sha256)
    {
        long? size = inspection.Store.SizeOf(name);
        if (size is null)
        {
            inspection.Add(FindingKind.Missing, name, "has a row and is not there");
        }
        else if (inspection.IsQuick)
        {
            if (size != bytes)
            {
                inspection.Add(FindingKind.Changed, name, $"has {Amount.Of(size.Value, "byte")}, not {bytes:N0}");
            }
        }
        else if (HashOf(name) is string hash && !string.Equals(hash, sha256, StringComparison.Ordinal))
        {
            _others.Add((name, hash));
        }

        inspection.Advance(1);
    }

    /// <summary>Names the files that hold something else, and distinguishes swapped files from changed ones.</summary>
    /// <param name="all">All files, with the hashes that they should have; read only where something is wrong.</param>
    public void ReportChanged(Func<IEnumerable<(string Name, string Sha256)>> all)
    {
        if (_others.IsEmpty)
        {
            return;
        }

        var hashes = _others.Select(file => file.Sha256).ToHashSet(StringComparer.Ordinal);
        ILookup<string, string> owners = all().Where(file => hashes.Contains(file.Sha256)).ToLookup(file => file.Sha256, file => file.Name, StringComparer.Ordinal);
        foreach ((string name, string sha256) in _others.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            string? owner = owners[sha256].FirstOrDefault();
            inspection.Add(
                owner is null ? FindingKind.Changed : FindingKind.Swapped, name, owner is null ? "does not have the hash of its row" : $"holds what belongs to {owner}");
        }
    }

    private string? HashOf(string name) => inspection.Read(name, () =>
    {
        using Stream content = inspection.Store.Open(name);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    });
}
