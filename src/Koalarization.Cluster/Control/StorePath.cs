namespace Koalarization.Cluster.Control;

/// <summary>Folders of a store as users name them.</summary>
internal static class StorePath
{
    /// <summary>A data set's folder relative to the store; null where it is not below the store.</summary>
    /// <param name="store">The store's folder, full path.</param>
    /// <param name="name">Relative to the store, or a full path.</param>
    public static string? TryRelative(string store, string name)
    {
        if (name.Length == 0 || name.Any(char.IsControl))
        {
            return null;
        }

        string relative = Path.TrimEndingDirectorySeparator(Path.GetRelativePath(store, Path.GetFullPath(name, store)));
        string first = relative.Split('/')[0];
        return first is "." or ".." or ".koala" ? null : relative;
    }
}
