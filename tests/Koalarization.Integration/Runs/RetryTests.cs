using System.Text.Json;

namespace Koalarization.Integration.Runs;

public sealed class RetryTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private PictureWeb _web = null!;

    public async Task InitializeAsync()
    {
        _web = await PictureWeb.StartAsync();
        File.WriteAllLines(_folder["links.txt"], _web.Links(40).Concat(Enumerable.Range(0, 15).Select(i => $"{_web.Root}/late/{i}.jpg")));
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Pictures_that_come_late_fill_new_records_and_nothing_that_was_there_changes()
    {
        KoalaRun first = await RunAsync();
        Assert.Equal((25, 3), KeptAndRecords(first));
        var before = Tree.OfResults(_folder["data"]);

        _web.Late = true;
        Assert.Equal(0, (await RunAsync()).Event("run_done").GetProperty("processed").GetInt32());
        KoalaRun second = await RunAsync("--retry-failed");

        Assert.Equal((40, 5), KeptAndRecords(second));
        Assert.Equal(30 + 15, second.Event("run_done").GetProperty("processed").GetInt32());
        var after = Tree.OfResults(_folder["data"]);
        Assert.All(before.Where(file => file.Key.Contains('/')), file => Assert.Equal(file.Value, after[file.Key]));
        string[] rows = File.ReadAllLines(_folder["data/index.csv"]);
        Assert.Equal(56, rows.Length);
        Assert.Equal(15, rows.Count(row => row.Contains("/late/", StringComparison.Ordinal) && row.Contains(",2,kept,", StringComparison.Ordinal)));
        int place = Array.IndexOf(rows[0].Split(','), "place");
        Assert.Equal(40, rows.Skip(1).Select(row => row.Split(',')).Count(fields => fields[place].Length > 0));
        Assert.Empty(Tree.Temporary(_folder["data"]));
    }

    [Fact]
    public async Task A_round_that_is_open_is_finished_before_another_begins()
    {
        await RunAsync("--until", "resize");
        _web.Late = true;

        KoalaRun resumed = await RunAsync("--retry-failed");
        Assert.Equal((25, 3), KeptAndRecords(resumed));
        Assert.Equal((40, 5), KeptAndRecords(await RunAsync("--retry-failed")));
    }

    [Fact]
    public async Task Pictures_alone_can_be_tried_again_before_there_are_records()
    {
        await RunAsync("--until", "resize");
        _web.Late = true;
        Assert.Equal(40, (await RunAsync("--until", "resize", "--retry-failed")).Event("run_done").GetProperty("kept").GetInt32());

        Assert.Equal((40, 5), KeptAndRecords(await RunAsync()));
        Assert.True(File.Exists(_folder["data/.koala/rounds/2.closed.json"]));
    }

    [Fact]
    public async Task A_validation_set_stays_apart_when_failed_links_are_tried_again()
    {
        await RunAsync();
        KoalaRun split = await KoalaProcess.RunAsync(_folder.Path, "split", "data/tfrecords", "--val", "1", "--json");
        Assert.Equal((0, ""), (split.ExitCode, split.Errors));
        byte[] validation = File.ReadAllBytes(_folder["data/tfrecords/val_lab_images_1.tfrecord"]);

        _web.Late = true;
        Assert.Equal((40, 5), KeptAndRecords(await RunAsync("--retry-failed")));

        string[] records = [.. Directory.GetFiles(_folder["data/tfrecords"]).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        Assert.Equal(
            ["lab_images_0.tfrecord", "lab_images_2.tfrecord", "lab_images_3.tfrecord", "lab_images_4.tfrecord", "val_lab_images_1.tfrecord"], records);
        Assert.Equal(validation, File.ReadAllBytes(_folder["data/tfrecords/val_lab_images_1.tfrecord"]));
        KoalaRun verified = await KoalaProcess.RunAsync(_folder.Path, "verify", "data", "--json");
        Assert.Equal((0, ""), (verified.ExitCode, verified.Errors));
    }

    private static (int Kept, int Records) KeptAndRecords(KoalaRun run)
    {
        JsonElement done = run.Event("run_done");
        return (done.GetProperty("kept").GetInt32(), done.GetProperty("records").GetInt32());
    }

    private Task<KoalaRun> RunAsync(params string[] options) => KoalaProcess.RunAsync(
        _folder.Path, ["run", "links.txt", "data", "--allow-private", "--json", "--device", "simulated", "--batch-size", "10", .. options]);
}
