using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Koalarization.Records.Framing;

namespace Koalarization.Integration;

public sealed class CompressTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CompressTests()
    {
        Directory.CreateDirectory(_folder["set"]);
        Write("set/lab_images_0.tfrecord", records: 3);
        Write("set/val_lab_images_1.tfrecord", records: 2);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gzip", ".gz")]
    [InlineData("zlib", ".zlib")]
    [InlineData("zstd", ".zst")]
    public async Task A_folder_is_packed_beside_its_records_and_unpacks_to_the_same_bytes(string packing, string ending)
    {
        byte[] first = File.ReadAllBytes(_folder["set/lab_images_0.tfrecord"]);
        KoalaRun run = await CompressAsync("set", "--to", packing);
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Equal(first, File.ReadAllBytes(_folder["set/lab_images_0.tfrecord"]));
        JsonElement file = run.Events.First(e => e.GetProperty("event").GetString() == "file_compressed");
        Assert.Equal(new FileInfo(_folder[file.GetProperty("copy").GetString()!]).Length, file.GetProperty("packed_bytes").GetInt64());
        Assert.True(file.GetProperty("ratio").GetDouble() > 1);

        KoalaRun back = await CompressAsync($"set/lab_images_0.tfrecord{ending}", $"set/val_lab_images_1.tfrecord{ending}", "--to", "none", "--out", "back");
        Assert.True(back.ExitCode == 0, back.Output + back.Errors);
        Assert.Equal(first, File.ReadAllBytes(_folder["back/lab_images_0.tfrecord"]));
        Assert.Equal(File.ReadAllBytes(_folder["set/val_lab_images_1.tfrecord"]), File.ReadAllBytes(_folder["back/val_lab_images_1.tfrecord"]));
        Assert.Equal(["lab_images_0.tfrecord", "val_lab_images_1.tfrecord"], Directory.GetFiles(_folder["set"], "*.tfrecord").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Gunzip_gives_the_record_back()
    {
        await CompressAsync("set", "--to", "gzip");
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(File.OpenRead(_folder["set/lab_images_0.tfrecord.gz"]), CompressionMode.Decompress))
        {
            await gzip.CopyToAsync(unpacked);
        }

        Assert.Equal(File.ReadAllBytes(_folder["set/lab_images_0.tfrecord"]), unpacked.ToArray());
    }

    [Fact]
    public async Task A_copy_that_is_there_counts_as_there_and_another_file_is_left_alone()
    {
        await CompressAsync("set", "--to", "zstd");
        byte[] copy = File.ReadAllBytes(_folder["set/lab_images_0.tfrecord.zst"]);
        File.WriteAllText(_folder["set/val_lab_images_1.tfrecord.zst"], "mine");
        KoalaRun run = await CompressAsync("set", "--to", "zstd", "--level", "1");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(1, run.Event("compress_done").GetProperty("already_there").GetInt32());
        Assert.Contains("val_lab_images_1.tfrecord.zst exists", run.Event("left_out").GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_folder["set/val_lab_images_1.tfrecord.zst"]));
        Assert.Equal(copy, File.ReadAllBytes(_folder["set/lab_images_0.tfrecord.zst"]));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("zstd")]
    public async Task A_flipped_bit_is_found_and_nothing_gets_the_copys_name(string packing)
    {
        if (packing == "zstd")
        {
            Assert.Equal(0, (await CompressAsync("set", "--to", "zstd", "--out", "source")).ExitCode);
        }

        string name = packing == "zstd" ? "source/lab_images_0.tfrecord.zst" : "set/lab_images_0.tfrecord";
        byte[] bytes = File.ReadAllBytes(_folder[name]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(_folder[name], bytes);
        KoalaRun run = await CompressAsync(name, "set/val_lab_images_1.tfrecord", "--to", "gzip", "--out", "out");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(name, run.Event("left_out").GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(["out/val_lab_images_1.tfrecord.gz"], Directory.GetFiles(_folder["out"], "*.gz").Select(path => Path.GetRelativePath(_folder.Path, path)));
    }

    [Fact]
    public async Task An_archive_that_is_cut_short_is_damaged()
    {
        await CompressAsync("set", "--to", "zstd");
        byte[] bytes = File.ReadAllBytes(_folder["set/lab_images_0.tfrecord.zst"]);
        File.WriteAllBytes(_folder["cut.tfrecord.zst"], bytes[..^5]);
        File.WriteAllBytes(_folder["long.tfrecord.zst"], [.. bytes, 1, 2, 3]);
        KoalaRun run = await CompressAsync("cut.tfrecord.zst", "long.tfrecord.zst", "--to", "none", "--out", "out");
        Assert.Equal(3, run.ExitCode);
        Assert.Equal(2, run.Events.Count(e => e.GetProperty("event").GetString() == "left_out" && e.GetProperty("reason").GetString() == "damaged"));
        Assert.Empty(Directory.GetFiles(_folder["out"]));
    }

    [Fact]
    public async Task Killed_it_leaves_nothing_half_and_the_next_run_goes_on()
    {
        Write("set/lab_images_0.tfrecord", records: 400);
        using (Process process = KoalaProcess.Start(_folder.Path, "compress", "set", "--to", "zstd", "--level", "19", "--parallel", "1", "--json"))
        {
            // The first sign of progress comes while the large file is being packed.
            Assert.NotNull(await process.StandardOutput.ReadLineAsync());
            process.Kill();
            await process.WaitForExitAsync();
        }

        Assert.DoesNotContain(Directory.GetFiles(_folder["set"]), path => path.EndsWith("lab_images_0.tfrecord.zst", StringComparison.Ordinal) && !path.Contains("val_", StringComparison.Ordinal));
        KoalaRun run = await CompressAsync("set", "--to", "zstd", "--level", "1");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.False(Directory.Exists(_folder["set/.koala/tmp"]));
        KoalaRun back = await CompressAsync("set/lab_images_0.tfrecord.zst", "--to", "none", "--out", "back");
        Assert.True(back.ExitCode == 0, back.Output + back.Errors);
        Assert.Equal(File.ReadAllBytes(_folder["set/lab_images_0.tfrecord"]), File.ReadAllBytes(_folder["back/lab_images_0.tfrecord"]));
    }

    [Fact]
    public async Task Two_files_with_one_copy_are_refused_before_any_work()
    {
        await CompressAsync("set", "--to", "gzip");
        KoalaRun run = await CompressAsync("set", "set/lab_images_0.tfrecord.gz", "--to", "zstd");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("would both become", run.Event("command_failed").GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["set"], "*.zst"));
    }

    private void Write(string name, int records)
    {
        using FileStream file = File.Create(_folder[name]);
        using var writer = new TFRecordWriter(file);
        var random = new Random(name.Length);
        var record = new byte[200_000];
        for (int i = 0; i < records; i++)
        {
            random.NextBytes(record.AsSpan(0, record.Length / 2));
            writer.Append(record);
        }

        writer.Complete();
    }

    private Task<KoalaRun> CompressAsync(params string[] words) => KoalaProcess.RunAsync(_folder.Path, ["compress", .. words, "--json"]);
}
