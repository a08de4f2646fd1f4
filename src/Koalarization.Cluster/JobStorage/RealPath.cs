namespace Koalarization.Cluster.JobStorage;

/// <summary>Where a path leads when every link in it is followed. Touches the disk.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>The path without links; what does not exist of it stays as it is.</summary>
    /// <exception cref="IOException">Links lead to each other.</exception>
    public static string Of(string path)
    {
        string real = "/";
        int links = 0;
        var left = new Stack<string>(Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        while (left.TryPop(out string? name))
        {
            string next = Path.Combine(real, name);
            if (new FileInfo(next).LinkTarget is not string target)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException($"{path} has too many links in it.");
            }

            string full = Path.GetFullPath(target, real);
            real = "/";
            foreach (string part in full.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                left.Push(part);
            }
        }

        return real;
    }

    /// <summary>Whether a path is a folder, or in it, when every link in both is followed.</summary>
    public static bool IsWithin(string path, string folder) => $"{Of(path)}/".StartsWith(Of(folder) is "/" ? "/" : $"{Of(folder)}/", StringComparison.Ordinal);
}
