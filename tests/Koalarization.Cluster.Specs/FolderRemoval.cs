namespace Koalarization.Cluster.Specs;

/// <summary>Takes a test's folder away while work that no caller waits for any more may still be putting a last file into it.</summary>
internal static class FolderRemoval
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public static void Remove(string folder)
    {
        if (!SpinWait.SpinUntil(() => TryRemove(folder), Timeout))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return !Directory.Exists(folder);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
