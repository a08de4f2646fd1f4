using System.Diagnostics;
using Koalarization.Integration.Runs;

namespace Koalarization.Integration;

/// <summary>The plain steps on a disk that gets full.</summary>
public sealed class FullDiskStepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _disk;

    public FullDiskStepTests() => _disk = Directory.CreateDirectory(_folder["disk"]).FullName;

    public void Dispose()
    {
        if (Environment.UserName == "root")
        {
            Run("umount", _disk);
        }

        _folder.Dispose();
    }

    [RootFact("mounting a small disk")]
    public async Task A_full_disk_ends_a_download_with_one_sentence()
    {
        await using PictureWeb web = await PictureWeb.StartAsync();
        File.WriteAllLines(_folder["links.txt"], web.Links(160));
        await FillAsync(exitCode: 0, "size=600k", "download", "links.txt", "disk/out", "--allow-private", "--json");
    }

    [RootFact("mounting a small disk")]
    public async Task A_full_disk_ends_a_resize_with_one_sentence() =>
        await FillAsync(exitCode: 0, "size=200k", "resize", Golden.PathOf("pictures"), "disk/out", "--json");

    [RootFact("mounting a small disk")]
    public async Task A_disk_without_room_for_another_file_ends_a_resize_with_one_sentence() =>
        await FillAsync(exitCode: 0, "nr_inodes=16", "resize", Golden.PathOf("pictures"), "disk/out", "--json");

    [RootFact("mounting a small disk")]
    public async Task A_full_disk_ends_lab_batch_with_one_sentence() =>
        await FillAsync(exitCode: 0, "size=9m", "lab-batch", Golden.PathOf("resized_299x299/files"), "disk/out", "--device", "simulated", "-b", "7", "--json");

    private static void Run(string program, params string[] words)
    {
        using var process = Process.Start(program, words);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private async Task FillAsync(int exitCode, string limit, params string[] words)
    {
        Run("mount", "-t", "tmpfs", "-o", limit, "tmpfs", _disk);
        KoalaRun full = await KoalaProcess.RunAsync(_folder.Path, words);
        Assert.Equal(3, full.ExitCode);
        Assert.Equal("the disk is full; free some space and run the same command again, it continues from there.", full.Event("command_failed").GetProperty("error").GetString());
        Assert.Equal("", full.Errors);
        IReadOnlyDictionary<string, string> left = KillMoments.Everything(_folder["disk/out"]);
        Assert.DoesNotContain(left.Keys, file => file.Contains("tmp", StringComparison.Ordinal) || file.EndsWith(".data", StringComparison.Ordinal));
        Assert.NotEmpty(left);

        // With room it goes on, and what was there stays.
        Run("mount", "-o", "remount,size=200m,nr_inodes=10000", _disk);
        KoalaRun room = await KoalaProcess.RunAsync(_folder.Path, words);
        Assert.Equal(exitCode, room.ExitCode);
        IReadOnlyDictionary<string, string> after = KillMoments.Everything(_folder["disk/out"]);
        Assert.All(left, file => Assert.Equal(file.Value, after[file.Key]));
        Assert.True(after.Count > left.Count);
    }
}
