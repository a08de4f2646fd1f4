using System.Security.Cryptography;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Repairing;

/// <summary>Finds contents by their hashes among the files of a data set, whatever their names: of files that were swapped, renamed, or are there twice.</summary>
/// <param name="store">The data set.</param>
/// <param name="wanted">Size and hash of what is looked for.</param>
public sealed class ContentSearch(IDataStore store, IEnumerable<(long Bytes, string Sha256)> wanted)
{
    private readonly ILookup<long, string> _wanted = wanted.Distinct().ToLookup(content => content.Bytes, content => content.Sha256);
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _names = new(StringComparer.Ordinal);

    /// <summary>Looks at every file of a folder whose size is that of something wanted.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="below">Whether it has folders of files too.</param>
    /// <param name="cancellation">Stops looking.</param>
    public void LookInto(string folder, bool below, CancellationToken cancellation)
    {
        if (_wanted.Count == 0)
        {
            return;
        }

        foreach (string name in store.List(folder).Select(name => folder.Length == 0 ? name : $"{folder}/{name}"))
        {
            cancellation.ThrowIfCancellationRequested();
            if (store.SizeOf(name) is long bytes)
            {
                LookAt(name, bytes);
            }
            else if (below)
            {
                LookInto(name, below: false, cancellation);
            }
        }
    }

    /// <summary>The names of files that hold a content, when they were looked at.</summary>
    public IEnumerable<string> Holding(string sha256) => _names.GetValueOrDefault(sha256) ?? [];

    /// <summary>The wanted content that a file holds; null: none.</summary>
    public string? WantedIn(string name) => _hashes.GetValueOrDefault(name);

    private void LookAt(string name, long bytes)
    {
        if (!_wanted.Contains(bytes))
        {
            return;
        }

        try
        {
            using Stream content = store.Open(name);
            string sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
            if (_wanted[bytes].Contains(sha256, StringComparer.Ordinal))
            {
                _hashes[name] = sha256;
                if (!_names.TryGetValue(sha256, out List<string>? names))
                {
                    _names.Add(sha256, names = []);
                }

                names.Add(name);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What cannot be read restores nothing.
        }
    }
}
