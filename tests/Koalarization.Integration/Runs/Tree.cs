using System.Security.Cryptography;

namespace Koalarization.Integration.Runs;

/// <summary>What lies in a folder, for comparing.</summary>
internal static class Tree
{
    private static readonly string[] Results = ["original", "resized", "tfrecords", "dataset.json", "index.csv"];

    /// <summary>Relative paths and hashes of all files of a data set that its user looks at.</summary>
    public static SortedDictionary<string, string> OfResults(string data)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in Results)
        {
            string path = Path.Combine(data, name);
            string[] all = Directory.Exists(path) ? Directory.GetFiles(path, "*", SearchOption.AllDirectories) : File.Exists(path) ? [path] : [];
            foreach (string file in all.Where(file => !file.Contains("/.koala/", StringComparison.Ordinal)))
            {
                files[Path.GetRelativePath(data, file)] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
            }
        }

        return files;
    }

    /// <summary>What is left of temporary spaces anywhere below a folder.</summary>
    public static IEnumerable<string> Temporary(string data) =>
        Directory.EnumerateFileSystemEntries(data, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(data, path))
            .Where(path => path.Contains(".koala/tmp", StringComparison.Ordinal) || path.EndsWith(".data", StringComparison.Ordinal));
}
