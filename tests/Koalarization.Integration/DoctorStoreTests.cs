using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;

namespace Koalarization.Integration;

/// <summary><c>koala doctor --store</c> on good stores and on bad ones: nothing is left, whatever happens.</summary>
[SupportedOSPlatform("linux")]
public sealed class DoctorStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _store;
    private bool _isMounted;

    public DoctorStoreTests() => _store = Directory.CreateDirectory(_folder["store"]).FullName;

    public void Dispose()
    {
        if (_isMounted)
        {
            Run("umount", _store);
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task A_good_store_gets_a_rate_with_its_reason()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "doctor", "--store", "store", "--json");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Equal(["store", "names", "pictures", "records"], run.Events.SkipLast(1).Select(row => row.GetProperty("name").GetString()));
        JsonElement measured = run.Event("store_measured");
        double rate = measured.GetProperty("pictures_per_second").GetDouble();
        double seconds = (measured.GetProperty("group_seconds").GetDouble() * 2 / 64) + (1.08e6 / measured.GetProperty("record_bytes_per_second").GetDouble());
        Assert.Equal(1 / seconds, rate, tolerance: rate / 1e6);
        Assert.True(measured.GetProperty("hard_links").GetBoolean());
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task A_trial_that_is_interrupted_ends_in_order_and_leaves_nothing()
    {
        using Process process = await StartedAsync();
        Signals.Interrupt(process);
        KoalaRun run = await KoalaProcess.EndAsync(process);
        Assert.Equal(130, run.ExitCode);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task A_trial_that_is_killed_leaves_nothing()
    {
        using Process process = await StartedAsync();
        process.Kill();
        await process.WaitForExitAsync();
        await KoalaProcess.UntilAsync(() => Directory.GetFileSystemEntries(_store).Length == 0);
    }

    [Theory]
    [InlineData("none", "does not exist; mount it, or create the folder.")]
    [InlineData("file", "is a file; give a folder.")]
    public async Task A_store_that_is_no_folder_gets_one_sentence(string name, string end)
    {
        File.WriteAllText(_folder["file"], "");
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "doctor", "--store", name);
        Assert.Equal((3, $"koala: the store {_folder[name]} {end}\n"), (run.ExitCode, run.Errors));
    }

    [Fact]
    public async Task What_is_beside_a_store_is_refused()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "doctor", "list.txt", "--store", "store");
        Assert.Equal((2, "koala: --store measures a store and nothing else; omit it, or what is beside it.\n"), (run.ExitCode, run.Errors));
    }

    [OtherUsersFact]
    public async Task A_store_that_this_user_may_not_write_gets_one_sentence()
    {
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        using Process process = KoalaProcess.StartAs(12001, 12000, "/", "doctor", "--store", _store);
        process.StandardInput.Close();
        KoalaRun run = await KoalaProcess.EndAsync(process);
        Assert.Equal((3, $"koala: the store {_store} may not be written by this user; give it the group and the permissions of the nodes' users.\n"), (run.ExitCode, run.Errors));
        AssertNothingIsLeft();
    }

    [RootFact("mounting a small disk")]
    public async Task A_store_that_is_full_small_or_for_reading_only_is_named_and_nothing_is_left()
    {
        Mount("size=20m");
        KoalaRun small = await KoalaProcess.RunAsync(_folder.Path, "doctor", "--store", "store");
        Assert.Equal(3, small.ExitCode);
        Assert.Matches($"^koala: the store {_store} has 2[01] MB free, and measuring it takes 164 MB for a moment; free some space first\\.\n$", small.Errors);

        // There is room for the bytes, and none for so many files.
        Run("mount", "-o", "remount,size=400m,nr_inodes=60", _store);
        KoalaRun full = await KoalaProcess.RunAsync(_folder.Path, "doctor", "--store", "store");
        Assert.Equal((3, $"koala: the store {_store} became full while it was measured, and what was written is removed again; free some space first.\n"), (full.ExitCode, full.Errors));
        AssertNothingIsLeft();

        Run("mount", "-o", "remount,nr_inodes=10000", _store);
        KoalaRun memory = await KoalaProcess.RunAsync(_folder.Path, "doctor", "--store", "store");
        Assert.Equal((0, ""), (memory.ExitCode, memory.Errors));
        Assert.Contains("warning store", memory.Output, StringComparison.Ordinal);
        Assert.Contains("lost with the machine", memory.Output, StringComparison.Ordinal);

        Run("mount", "-o", "remount,ro", _store);
        KoalaRun readOnly = await KoalaProcess.RunAsync(_folder.Path, "doctor", "--store", "store");
        Assert.Equal((1, ""), (readOnly.ExitCode, readOnly.Errors));
        Assert.Equal($"ERROR   store        {_store} is mounted for reading only, and nodes write to it; mount it for writing\n", readOnly.Output);
    }

    private static void Run(string program, params string[] words)
    {
        using var process = Process.Start(program, words);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private void Mount(string limit)
    {
        Run("mount", "-t", "tmpfs", "-o", limit, "tmpfs", _store);
        _isMounted = true;
    }

    private void AssertNothingIsLeft() => Assert.Empty(Directory.GetFileSystemEntries(_store));

    // With pictures in its folder it is in the middle of its work.
    private async Task<Process> StartedAsync()
    {
        Process process = KoalaProcess.Start(_folder.Path, "doctor", "--store", "store");
        process.StandardInput.Close();
        await KoalaProcess.UntilAsync(() => Directory.GetDirectories(_store).Any(trial => Directory.Exists(Path.Combine(trial, "pictures"))));
        return process;
    }
}
