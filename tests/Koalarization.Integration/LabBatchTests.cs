using System.Diagnostics;
using System.Text.Json;
using Koalarization.Records.Examples;
using Koalarization.Records.Framing;

namespace Koalarization.Integration;

public sealed class LabBatchTests : IDisposable
{
    private const string Source = "data/resized";

    private readonly TemporaryFolder _folder = new();

    public LabBatchTests()
    {
        Directory.CreateDirectory(_folder[Source]);
        foreach (string file in Directory.GetFiles(Golden.PathOf("resized_299x299/files")))
        {
            File.Copy(file, _folder[Path.Combine(Source, Path.GetFileName(file))]);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Records_hold_the_pictures_in_ordinal_order_of_their_names()
    {
        KoalaRun run = await LabBatchAsync("out", "-b", "10");
        Assert.Equal(0, run.ExitCode);
        string[] expected = [.. Directory.GetFiles(_folder[Source]).Select(path => $"{Source}/{Path.GetFileName(path)}").Order(StringComparer.Ordinal)];
        Assert.Equal(expected, NamesIn("out"));
        Assert.Equal(4, Directory.GetFiles(_folder["out"], "lab_images_*.tfrecord").Length);
        Assert.True(run.Event("lab_batch_done").GetProperty("random_weights").GetBoolean());
    }

    [Fact]
    public async Task A_picture_that_does_not_decode_or_fit_is_left_out_by_name_and_only_its_record_is_shorter()
    {
        File.Copy(Golden.PathOf("bad/truncated_half.jpeg"), _folder[Source + "/aa_damaged.jpeg"]);
        File.Copy(Golden.PathOf("pictures/cat_300x299.jpeg"), _folder[Source + "/ab_large.jpeg"]);
        KoalaRun run = await LabBatchAsync("out", "-b", "10");
        Assert.Equal(1, run.ExitCode);
        (string?, string?)[] leftOut =
        [
            .. run.Events.Where(e => e.GetProperty("event").GetString() == "left_out")
                .Select(e => (e.GetProperty("name").GetString(), e.GetProperty("reason").GetString())),
        ];
        Assert.Equal([("aa_damaged.jpeg", "damaged"), ("ab_large.jpeg", "wrong_size")], leftOut);
        int[] sizes = [.. run.Events.Where(e => e.GetProperty("event").GetString() == "record_written").Select(e => e.GetProperty("pictures").GetInt32())];
        Assert.Equal([8, 10, 10, 9], sizes);

        // The same, said to a person, by a run that finds all of it done.
        KoalaRun again = await KoalaProcess.RunAsync(_folder.Path, ["lab-batch", Source, "out", "--device", "simulated", "-b", "10"]);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("37 already existed, 2 left out.", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_in_the_middle_and_started_again_it_gives_the_same_bytes()
    {
        Assert.Equal(0, (await LabBatchAsync("undisturbed", "-b", "5")).ExitCode);

        using (Process process = KoalaProcess.Start(_folder.Path, Words("killed", "simulated:40", "-b", "5")))
        {
            await ReadToEventAsync(process, "record_written");
            process.Kill();
            await process.WaitForExitAsync();
        }

        int before = Directory.GetFiles(_folder["killed"], "*.tfrecord").Length;
        Assert.InRange(before, 1, 7);
        KoalaRun run = await LabBatchAsync("killed", "-b", "5");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(5 * before, run.Event("lab_batch_done").GetProperty("already_there").GetInt64());
        AssertSameRecords("undisturbed", "killed");
        Assert.False(Directory.Exists(_folder["killed/.koala/tmp"]));
    }

    [Fact]
    public async Task An_interrupt_ends_it_with_130_and_leaves_nothing_half_done()
    {
        using Process process = KoalaProcess.Start(_folder.Path, Words("out", "simulated:10", "-b", "5"));
        await ReadToEventAsync(process, "record_written");
        Assert.Equal(0, Signals.Interrupt(process));
        KoalaRun run = await KoalaProcess.EndAsync(process);
        Assert.Equal(130, run.ExitCode);
        Assert.Contains("interrupted", run.Event("command_failed").GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out/.koala/tmp"]));
    }

    [Fact]
    public async Task Other_parameters_for_a_folder_that_was_begun_are_refused_until_told_to_overwrite()
    {
        await LabBatchAsync("out", "-b", "20");
        KoalaRun refused = await LabBatchAsync("out", "-b", "30");
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("-b is 30, and 20 before", refused.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await LabBatchAsync("out", "-b", "30", "--overwrite")).ExitCode);
        Assert.Equal(37, NamesIn("out").Count);
    }

    [Fact]
    public async Task A_stray_record_is_refused_by_name()
    {
        Directory.CreateDirectory(_folder["out"]);
        File.WriteAllText(_folder["out/lab_images_3.tfrecord"], "mine");
        KoalaRun run = await LabBatchAsync("out");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("lab_images_3.tfrecord", run.Output, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_folder["out/lab_images_3.tfrecord"]));
    }

    [Fact]
    public async Task Pictures_that_came_later_are_counted_and_reported()
    {
        await LabBatchAsync("out");
        File.Copy(Golden.PathOf("resized_299x299/files/one_pixel.jpeg"), _folder[Source + "/new.jpeg"]);
        KoalaRun run = await LabBatchAsync("out");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(1, run.Event("lab_batch_done").GetProperty("not_planned").GetInt64());

        KoalaRun text = await KoalaProcess.RunAsync(_folder.Path, "lab-batch", Source, "out", "--device", "simulated");
        Assert.Equal(1, text.ExitCode);
        Assert.Contains("1 picture added to the folder later is in no record; --append writes what came later into new ones.", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Appended_pictures_go_into_new_records_and_nothing_published_changes()
    {
        await LabBatchAsync("out", "-b", "20");
        IReadOnlyDictionary<string, string> before = KillMoments.Everything(_folder["out"]);
        File.Copy(Golden.PathOf("resized_299x299/files/one_pixel.jpeg"), _folder[Source + "/aaa.jpeg"]);
        File.Copy(Golden.PathOf("resized_299x299/files/one_pixel.jpeg"), _folder[Source + "/zzz.jpeg"]);

        KoalaRun run = await LabBatchAsync("out", "-b", "20", "--append");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal((2, 0), (run.Event("lab_batch_done").GetProperty("written").GetInt64(), run.Event("lab_batch_done").GetProperty("not_planned").GetInt64()));
        IReadOnlyDictionary<string, string> after = KillMoments.Everything(_folder["out"]);
        Assert.All(before, file => Assert.Equal(file.Value, after[file.Key]));
        Assert.Equal([".koala/lab-batch.1.json", ".koala/records/2.json", "lab_images_2.tfrecord"], after.Keys.Except(before.Keys).Order(StringComparer.Ordinal));
        Assert.Equal([$"{Source}/aaa.jpeg", $"{Source}/zzz.jpeg"], NamesIn("out").TakeLast(2));

        Assert.Equal(0, (await LabBatchAsync("out", "-b", "20", "--append")).ExitCode);
        Assert.Equal(after, KillMoments.Everything(_folder["out"]));
    }

    [Fact]
    public async Task A_planned_picture_that_is_gone_stops_it_by_name()
    {
        using (Process process = KoalaProcess.Start(_folder.Path, Words("out", "simulated:40", "-b", "5")))
        {
            await ReadToEventAsync(process, "record_written");
            process.Kill();
            await process.WaitForExitAsync();
        }

        File.Delete(_folder[Source + "/very_thin_1x2000.jpeg"]);
        KoalaRun run = await LabBatchAsync("out", "-b", "5");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("very_thin_1x2000.jpeg", run.Event("command_failed").GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zlib")]
    public async Task Compressed_records_hold_the_same_pictures(string compression)
    {
        await LabBatchAsync("plain", "-b", "40");
        Assert.Equal(0, (await LabBatchAsync("packed", "-b", "40", "--compression", compression)).ExitCode);
        Assert.Equal(ExamplesIn("plain"), ExamplesIn("packed"));
    }

    private static string[] Words(string output, string device, params string[] options) =>
        ["lab-batch", Source, output, "--device", device, "--json", .. options];

    private static async Task ReadToEventAsync(Process process, string name)
    {
        while (await process.StandardOutput.ReadLineAsync() is string line)
        {
            if (JsonDocument.Parse(line).RootElement.GetProperty("event").GetString() == name)
            {
                return;
            }
        }

        Assert.Fail($"the process ended before {name}: {await process.StandardError.ReadToEndAsync()}");
    }

    private Task<KoalaRun> LabBatchAsync(string output, params string[] options) =>
        KoalaProcess.RunAsync(_folder.Path, Words(output, "simulated:100000", options));

    private void AssertSameRecords(string expected, string actual)
    {
        string[] names = [.. Directory.GetFiles(_folder[expected], "*.tfrecord").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.Equal(names, Directory.GetFiles(_folder[actual], "*.tfrecord").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(_folder[$"{expected}/{name}"]), File.ReadAllBytes(_folder[$"{actual}/{name}"])));
    }

    private List<string> NamesIn(string folder) => [.. ExamplesIn(folder).Select(example => LabRecord.Parse(example).Name)];

    private List<byte[]> ExamplesIn(string folder)
    {
        List<byte[]> examples = [];
        foreach (string file in Directory.GetFiles(_folder[folder], "*.tfrecord").Order(StringComparer.Ordinal))
        {
            using TFRecordReader reader = TFRecordReader.Open(file);
            while (reader.TryRead(out ReadOnlyMemory<byte> record))
            {
                examples.Add(record.ToArray());
            }
        }

        return examples;
    }
}
