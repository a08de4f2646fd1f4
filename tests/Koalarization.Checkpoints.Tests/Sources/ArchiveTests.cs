using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Koalarization.Checkpoints.Sources;

namespace Koalarization.Checkpoints.Tests.Sources;

public sealed class ArchiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly CheckpointLocator _locator;

    public ArchiveTests()
    {
        _locator = new CheckpointLocator(
            new HttpClient(), _clock, new CheckpointLocatorOptions { CacheFolder = _folder["cache"], MaxBytes = 1 << 20 });
    }

    public static TheoryData<string> Names => GoldenCheckpoint.Names;

    public static TheoryData<string, TarEntry> Refused => new()
    {
        { "symbolic link", new PaxTarEntry(TarEntryType.SymbolicLink, "model.ckpt") { LinkName = "/etc/passwd" } },
        { "hard link", new PaxTarEntry(TarEntryType.HardLink, "model.ckpt") { LinkName = "/etc/passwd" } },
        { "device", new PaxTarEntry(TarEntryType.CharacterDevice, "model.ckpt") { DeviceMajor = 1, DeviceMinor = 5 } },
        { "fifo", new PaxTarEntry(TarEntryType.Fifo, "model.ckpt") },
        { "parent", TarGz.File("a/../../escaped.ckpt", [1]) },
        { "absolute", TarGz.File("/tmp/escaped.ckpt", [1]) },
        { "folder outside", new PaxTarEntry(TarEntryType.Directory, "../escaped") },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_archive_gives_the_checkpoint_inside(string name)
    {
        string path = Write(TarGz.Of([TarGz.File("models/README", [1, 2]), TarGz.File($"models/._{name}.ckpt.index", [0]), .. TarGz.Checkpoint(name, "models/")]));
        ResolvedCheckpoint resolved = await Resolve(path);
        using (var checkpoint = Checkpoint.Open(resolved.Path))
        {
            GoldenCheckpoint.AssertEqual(name, checkpoint);
        }

        // Once more from the cache.
        Assert.Equal(resolved, await Resolve(path));
        Assert.Empty(Directory.GetFileSystemEntries(_folder["cache/checkpoints/tmp"]));
    }

    [Fact]
    public async Task Its_state_file_chooses_among_several()
    {
        byte[] state = Encoding.UTF8.GetBytes("model_checkpoint_path: \"/home/someone/v2_strings.ckpt\"\nall_model_checkpoint_paths: \"v1_single.ckpt\"\n");
        string path = Write(TarGz.Of([.. TarGz.Checkpoint("v1_single"), .. TarGz.Checkpoint("v2_strings"), TarGz.File("checkpoint", state)]));
        using var checkpoint = Checkpoint.Open((await Resolve(path)).Path);
        GoldenCheckpoint.AssertEqual("v2_strings", checkpoint);
    }

    [Fact]
    public async Task Several_checkpoints_without_a_choice_are_ambiguous()
    {
        string path = Write(TarGz.Of([.. TarGz.Checkpoint("v1_single"), .. TarGz.Checkpoint("v2_strings")]));
        Assert.Equal(CheckpointCheck.Ambiguous, (await Fault(path)).Check);
    }

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task Links_devices_and_names_that_lead_out_are_refused(string what, TarEntry entry)
    {
        string path = Write(TarGz.Of([.. TarGz.Checkpoint("v1_partitioned"), entry]));
        Assert.True((await Fault(path)).Check == CheckpointCheck.Archive, what);
        Assert.Equal(["tmp"], Directory.GetFileSystemEntries(_folder["cache/checkpoints"]).Select(Path.GetFileName));
        Assert.False(File.Exists(_folder["cache/checkpoints/escaped.ckpt"]));
        Assert.False(File.Exists("/tmp/escaped.ckpt"));
    }

    [Fact]
    public async Task A_bomb_ends_at_the_limit()
    {
        string path = Write(TarGz.Of(TarGz.File("weights.ckpt", new byte[(1 << 20) + 1])));
        Assert.Equal(CheckpointCheck.TooLarge, (await Fault(path)).Check);
    }

    [Fact]
    public async Task Bytes_without_end_after_the_last_entry_end_at_the_limit()
    {
        byte[] tar = Unzip(TarGz.Of(TarGz.Checkpoint("v1_partitioned")));
        string path = Write(Zip([.. tar, .. new byte[1 << 20]]));
        Assert.Equal(CheckpointCheck.TooLarge, (await Fault(path)).Check);
    }

    [Fact]
    public async Task A_header_that_claims_gigabytes_costs_none()
    {
        byte[] header = Unzip(TarGz.Of(TarGz.File("weights.ckpt", [1])))[..512];
        Assert.Equal((byte)'x', header[156]);
        WriteOctal(header.AsSpan(124, 12), 0x7000_0000);
        WriteOctal(header.AsSpan(148, 7), Checksum(header));
        long before = Environment.WorkingSet;
        string path = Write(Zip([.. header, .. new byte[8 << 20]]));
        Assert.Contains("header is too long", (await Fault(path)).Message, StringComparison.Ordinal);
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 1 << 30);
    }

    [Fact]
    public async Task A_cut_or_damaged_archive_gives_the_right_values_or_is_told()
    {
        byte[] whole = TarGz.Of(TarGz.Checkpoint("v1_partitioned"));
        int right = 0;
        for (int i = 2; i < whole.Length; i += 3)
        {
            byte[] flipped = [.. whole];
            flipped[i] ^= (byte)(1 << (i % 8));
            right += (await IsStillRight(flipped) ? 1 : 0) + (await IsStillRight(whole[..i]) ? 1 : 0);
        }

        // Bytes of gzip's header that mean nothing, and the padding at the end.
        Assert.InRange(right, 0, 30);
    }

    [Fact]
    public async Task The_expected_hash_is_that_of_the_archive_as_it_is()
    {
        byte[] bytes = TarGz.Of(TarGz.Checkpoint("v2_strings"));
        string sha256 = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes));
        string path = Write(bytes);
        Assert.Equal(sha256, (await _locator.ResolveAsync(path, sha256, null, default)).SourceSha256, ignoreCase: true);
        CheckpointException error = await Assert.ThrowsAsync<CheckpointException>(() => _locator.ResolveAsync(path, new string('0', 64), null, default));
        Assert.Equal(CheckpointCheck.Sha256, error.Check);
    }

    [Fact]
    public async Task A_cached_folder_that_lost_its_files_is_filled_again()
    {
        string path = Write(TarGz.Of(TarGz.Checkpoint("v1_partitioned")));
        ResolvedCheckpoint resolved = await Resolve(path);
        File.Delete(resolved.Path);
        Assert.Equal(resolved, await Resolve(path));
        Assert.True(File.Exists(resolved.Path));
    }

    [Fact]
    public async Task What_a_killed_process_left_is_removed_after_a_day()
    {
        string path = Write(TarGz.Of(TarGz.Checkpoint("v1_partitioned")));
        string left = Directory.CreateDirectory(_folder["cache/checkpoints/tmp/left"]).FullName;
        File.WriteAllText(Path.Combine(left, "download"), "half");
        string cached = (await Resolve(path)).Path;
        Assert.True(Directory.Exists(left));
        Directory.Delete(Path.GetDirectoryName(cached)!, recursive: true);
        _clock.Advance(TimeSpan.FromHours(25));
        await Resolve(path);
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public async Task A_cache_folder_that_cannot_be_used_is_named()
    {
        string path = Write(TarGz.Of(TarGz.Checkpoint("v1_partitioned")));
        File.WriteAllText(_folder["cache"], "a file where the folder should be");
        CheckpointException error = await Assert.ThrowsAsync<CheckpointException>(() => Resolve(path));
        Assert.Equal(CheckpointCheck.Cache, error.Check);
        Assert.Equal(_folder["cache"], error.File);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Zip(byte[] tar)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            gzip.Write(tar);
        }

        return bytes.ToArray();
    }

    private static byte[] Unzip(byte[] archive)
    {
        using var gzip = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress);
        var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static void WriteOctal(Span<byte> field, int value) =>
        Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(field.Length - 1, '0') + "\0").CopyTo(field);

    private static int Checksum(byte[] header) => header.Select((value, i) => i is >= 148 and < 156 ? (int)' ' : value).Sum();

    private async Task<bool> IsStillRight(byte[] archive)
    {
        try
        {
            using var checkpoint = Checkpoint.Open((await Resolve(Write(archive))).Path);
            GoldenCheckpoint.AssertEqual("v1_partitioned", checkpoint);
            return true;
        }
        catch (CheckpointException e)
        {
            Assert.NotEqual(CheckpointCheck.Cache, e.Check);
            return false;
        }
    }

    private string Write(byte[] archive)
    {
        File.WriteAllBytes(_folder["some.tar.gz"], archive);
        return _folder["some.tar.gz"];
    }

    private Task<ResolvedCheckpoint> Resolve(string path) => _locator.ResolveAsync(path, null, null, default);

    private async Task<CheckpointException> Fault(string path)
    {
        CheckpointException error = await Assert.ThrowsAsync<CheckpointException>(() => Resolve(path));
        Assert.Equal(path, error.File);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["cache/checkpoints/tmp"]));
        return error;
    }
}
