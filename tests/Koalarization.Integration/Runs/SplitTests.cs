using System.Diagnostics;

namespace Koalarization.Integration.Runs;

public sealed class SplitTests : SetTests
{
    private string[] Names => [.. Directory.GetFiles(Path.Combine(Data, "tfrecords")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Named_records_are_put_aside_and_the_run_that_made_them_still_knows_them()
    {
        KoalaRun run = await SplitAsync("data", "--val", "0,3");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            ["lab_images_1.tfrecord", "lab_images_2.tfrecord", "lab_images_4.tfrecord", "val_lab_images_0.tfrecord", "val_lab_images_3.tfrecord"], Names);
        Assert.Equal([0, 3], run.Event("split_done").GetProperty("validation").EnumerateArray().Select(record => record.GetInt32()));
        Assert.Equal(0, (await RunAsync()).Event("run_done").GetProperty("processed").GetInt32());

        Assert.Equal(0, (await SplitAsync("data/tfrecords", "--none")).ExitCode);
        Assert.DoesNotContain(Names, name => name.StartsWith("val_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_share_is_drawn_the_same_each_time()
    {
        KoalaRun first = await SplitAsync("data", "--val-fraction", "0.4");
        string[] names = Names;
        Assert.InRange(names.Count(name => name.StartsWith("val_", StringComparison.Ordinal)), 1, 3);
        KoalaRun second = await SplitAsync("data", "--val-fraction", "0.4");
        Assert.Equal(names, Names);
        Assert.Equal(0, second.Event("split_done").GetProperty("moved").GetInt32());
        Assert.Equal(
            first.Event("split_done").GetProperty("validation").GetRawText(), second.Event("split_done").GetProperty("validation").GetRawText());
    }

    [Fact]
    public async Task Killed_at_any_record_the_same_command_ends_it()
    {
        string plain = Directory.CreateDirectory(Folder["plain"]).FullName;
        for (int record = 0; record < 400; record++)
        {
            File.WriteAllText(Path.Combine(plain, $"lab_images_{record}.tfrecord"), $"{record}");
        }

        int moved;
        using (Process process = KoalaProcess.Start(Folder.Path, "split", "plain", "--val-fraction", "0.9", "--json"))
        {
            for (int i = 0; i < 5; i++)
            {
                Assert.NotNull(await process.StandardOutput.ReadLineAsync());
            }

            process.Kill();
            await process.WaitForExitAsync();
            moved = Directory.GetFiles(plain, "val_*").Length;
        }

        Assert.InRange(moved, 5, 358);

        // As a kill between the two names leaves it.
        File.Copy(Path.Combine(plain, "lab_images_399.tfrecord"), Path.Combine(plain, "val_lab_images_399.tfrecord"));
        Assert.Equal(0, (await SplitAsync("plain", "--val-fraction", "0.9")).ExitCode);
        string[] files = Directory.GetFiles(plain);
        Assert.Equal(400, files.Length);
        Assert.InRange(files.Count(file => Path.GetFileName(file).StartsWith("val_", StringComparison.Ordinal)), 357, 363);
        Assert.All(files, file => Assert.EndsWith($"lab_images_{File.ReadAllText(file)}.tfrecord", file, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_files_claim_to_a_record_is_refused_by_name()
    {
        File.WriteAllText(Path.Combine(Data, "tfrecords/val_lab_images_1.tfrecord"), "mine");
        KoalaRun twice = await SplitAsync("data", "--none");
        Assert.Equal(3, twice.ExitCode);
        Assert.Contains("val_lab_images_1.tfrecord", Text(twice.Event("command_failed"), "error"), StringComparison.Ordinal);
        File.Move(Path.Combine(Data, "tfrecords/val_lab_images_1.tfrecord"), Record(7));
        KoalaRun foreign = await SplitAsync("data", "--none");
        Assert.Equal(3, foreign.ExitCode);
        Assert.Contains("lab_images_7.tfrecord", Text(foreign.Event("command_failed"), "error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_another_koala_works_on_the_set_nothing_is_renamed()
    {
        using var handle = new FileStream(Path.Combine(Data, ".koala/lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        KoalaRun run = await SplitAsync("data", "--val", "0");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("another koala", Text(run.Event("command_failed"), "error"), StringComparison.Ordinal);
        Assert.DoesNotContain(Names, name => name.StartsWith("val_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Packed_copies_of_a_set_keep_its_names_and_trouble_nobody()
    {
        await SplitAsync("data", "--val", "2");
        KoalaRun run = await KoalaAsync("compress", "data", "--to", "zstd");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.True(File.Exists(Path.Combine(Data, "tfrecords/val_lab_images_2.tfrecord.zst")));
        Assert.False(Directory.Exists(Path.Combine(Data, "tfrecords/.koala")));
        Assert.Equal(0, (await RunAsync()).Event("run_done").GetProperty("processed").GetInt32());
        KoalaRun verify = await KoalaAsync("verify", "data");
        Assert.Equal((0, 0), (verify.ExitCode, verify.Event("verify_done").GetProperty("notes").GetInt32()));
        Assert.Equal(0, (await SplitAsync("data", "--none")).ExitCode);
    }

    private Task<KoalaRun> SplitAsync(params string[] words) => KoalaAsync(["split", .. words]);
}
