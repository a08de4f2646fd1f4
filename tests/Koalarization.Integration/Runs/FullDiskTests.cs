using System.Diagnostics;

namespace Koalarization.Integration.Runs;

/// <summary>A disk that gets full: a small one of the test's own, which takes the right to mount.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private PictureWeb _web = null!;
    private string _disk = "";
    private bool _mounted;

    public async Task InitializeAsync()
    {
        _web = await PictureWeb.StartAsync();
        File.WriteAllLines(_folder["links.txt"], _web.Links(80));
        _disk = Directory.CreateDirectory(_folder["disk"]).FullName;
        _mounted = Mount("-t", "tmpfs", "-o", "size=20m", "tmpfs", _disk) == 0;
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        if (_mounted)
        {
            using var unmount = Process.Start("umount", [_disk]);
            await unmount.WaitForExitAsync();
        }

        _folder.Dispose();
    }

    [RootFact("mounting a small disk")]
    public async Task A_full_disk_stops_with_one_sentence_and_with_room_the_set_is_finished()
    {
        Assert.True(_mounted, "the test may mount, and could not");
        KoalaRun full = await RunAsync("disk/data");
        Assert.Equal(3, full.ExitCode);
        Assert.Equal("the disk is full; free some space and run the same command again, it continues from there.", full.Event("command_failed").GetProperty("error").GetString());
        Assert.Empty(Tree.Temporary(_folder["disk/data"]));

        Assert.Equal(0, Mount("-o", "remount,size=200m", _disk));
        KoalaRun room = await RunAsync("disk/data");
        Assert.Equal(0, room.ExitCode);

        await RunAsync("data");
        var expected = Tree.OfResults(_folder["data"]);
        var made = Tree.OfResults(_folder["disk/data"]);
        foreach (string own in (string[])["dataset.json", "tfrecords/lab_images_0.tfrecord", "tfrecords/lab_images_1.tfrecord", "tfrecords/lab_images_2.tfrecord"])
        {
            // These hold the folder's own name.
            expected.Remove(own);
            Assert.True(made.Remove(own), own);
        }

        Assert.Equal(expected, made);
    }

    private static int Mount(params string[] words)
    {
        try
        {
            using var mount = Process.Start(new ProcessStartInfo("mount", words) { UseShellExecute = false, RedirectStandardError = true })!;
            mount.WaitForExit();
            return mount.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }

    private Task<KoalaRun> RunAsync(string data) => KoalaProcess.RunAsync(
        _folder.Path, "run", "links.txt", data, "--allow-private", "--json", "--device", "simulated", "--batch-size", "20");
}
