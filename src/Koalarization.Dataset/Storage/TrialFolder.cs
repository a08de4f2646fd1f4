using System.ComponentModel;
using System.Diagnostics;

namespace Koalarization.Dataset.Storage;

/// <summary>
/// A folder in which a file system is tried, and which is gone afterwards: when this process is killed, a shell that waits beside it removes it. What no shell could
/// remove, as after a power loss, the next trial in the same place does.
/// </summary>
internal sealed class TrialFolder : IDisposable
{
    private const string Prefix = ".koala-probe-";

    // A signal that a terminal sends to all of its processes must not end the shell before this one. Its input ends with this process.
    private const string RemoveWhenLeftAlone = """trap "" INT HUP TERM QUIT; cat >/dev/null; rm -rf -- "$1" """;

    // No trial takes as long.
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    private readonly Process? _guard;

    private TrialFolder(string path, Process? guard) => (Path, _guard) = (path, guard);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Makes one.</summary>
    /// <param name="folder">Where; it exists.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not make it.</exception>
    public static TrialFolder In(string folder)
    {
        string path = System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), $"{Prefix}{Guid.NewGuid():N}");
        Process? guard = StartGuard(path);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch
        {
            End(guard);
            throw;
        }

        StoreProbe.RemoveForgotten(path, Prefix, Forgotten);
        return new TrialFolder(path, guard);
    }

    /// <summary>Removes the folder.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        finally
        {
            End(_guard);
        }
    }

    private static Process? StartGuard(string path)
    {
        var shell = new ProcessStartInfo("/bin/sh", ["-c", RemoveWhenLeftAlone, "sh", path])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        try
        {
            return Process.Start(shell);
        }
        catch (Win32Exception)
        {
            // A machine without a shell.
            return null;
        }
    }

    private static void End(Process? guard)
    {
        guard?.StandardInput.Close();
        guard?.WaitForExit();
        guard?.Dispose();
    }
}
