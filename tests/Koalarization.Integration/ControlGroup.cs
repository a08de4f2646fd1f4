using System.Globalization;

namespace Koalarization.Integration;

/// <summary>A control group (cgroup) that bounds memory and cores of the processes that enter it, of either version of the interface; made and removed by root.</summary>
internal sealed class ControlGroup : IDisposable
{
    private const string Root = "/sys/fs/cgroup";
    private const int Period = 100_000;

    private readonly string[] _folders;

    public ControlGroup(long memoryBytes, double cores)
    {
        string name = $"koala-test-{Guid.NewGuid():N}";
        string quota = ((int)(Period * cores)).ToString(CultureInfo.InvariantCulture);
        if (File.Exists($"{Root}/cgroup.controllers"))
        {
            _folders = [Directory.CreateDirectory($"{Root}/{name}").FullName];
            File.WriteAllText($"{_folders[0]}/memory.max", $"{memoryBytes}");
            File.WriteAllText($"{_folders[0]}/cpu.max", $"{quota} {Period}");
        }
        else
        {
            _folders = [Directory.CreateDirectory($"{Root}/memory/{name}").FullName, Directory.CreateDirectory($"{Root}/cpu/{name}").FullName];
            File.WriteAllText($"{_folders[0]}/memory.limit_in_bytes", $"{memoryBytes}");
            File.WriteAllText($"{_folders[1]}/cpu.cfs_period_us", $"{Period}");
            File.WriteAllText($"{_folders[1]}/cpu.cfs_quota_us", quota);
        }
    }

    /// <summary>What a shell does to enter it.</summary>
    public string Enter => string.Concat(_folders.Select(folder => $"echo $$ > {folder}/cgroup.procs && "));

    /// <summary>Whether they can be made here; null, or why not.</summary>
    public static string? Obstacle()
    {
        try
        {
            using var group = new ControlGroup(1 << 30, 1);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "control groups cannot be made here: " + exception.Message;
        }
    }

    public void Dispose()
    {
        foreach (string folder in _folders)
        {
            // The kernel's own files in it go with it.
            Directory.Delete(folder);
        }
    }
}
