using System.Diagnostics;
using System.Text.Json;

namespace Koalarization.Integration.Runs;

public sealed class RunTests : IAsyncLifetime
{
    private static readonly string[] Network = ["--device", "simulated", "--batch-size", "20"];

    private readonly TemporaryFolder _folder = new();
    private PictureWeb _web = null!;

    public async Task InitializeAsync()
    {
        _web = await PictureWeb.StartAsync();
        File.WriteAllLines(_folder["links.txt"], _web.Links(80).Concat(_web.Links(3)));
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_run_gives_what_the_three_steps_give()
    {
        KoalaRun run = await RunAsync("data");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        JsonElement done = run.Event("run_done");
        Assert.Equal((80, 50, 3), (done.GetProperty("links").GetInt32(), done.GetProperty("kept").GetInt32(), done.GetProperty("records").GetInt32()));
        Assert.Equal(
            """{"damaged":10,"not_found":10,"not_jpeg":10}""",
            done.GetProperty("failed").GetRawText());

        string steps = Directory.CreateDirectory(_folder["steps"]).FullName;
        await KoalaProcess.RunAsync(steps, "download", "../links.txt", "data/original", "--allow-private", "--json");
        await KoalaProcess.RunAsync(steps, "resize", "data/original", "data/resized", "--json");
        await KoalaProcess.RunAsync(steps, ["lab-batch", "data/resized", "data/tfrecords", .. Network, "--json"]);
        var expected = Tree.OfResults(Path.Combine(steps, "data"));
        var made = Tree.OfResults(_folder["data"]);
        made.Remove("index.csv");
        made.Remove("dataset.json");
        Assert.Equal(103, expected.Count);
        Assert.Equal(expected, made);
        Assert.Empty(Tree.Temporary(_folder["data"]));
    }

    [Fact]
    public async Task The_same_command_again_does_nothing_again_and_changes_nothing()
    {
        await RunAsync("data");
        var before = Tree.OfResults(_folder["data"]);
        int requests = _web.Requests;

        KoalaRun again = await RunAsync("data");

        Assert.Equal(requests, _web.Requests);
        Assert.Equal(0, again.Event("run_done").GetProperty("processed").GetInt32());
        Assert.Equal(before, Tree.OfResults(_folder["data"]));
    }

    [Fact]
    public async Task A_set_made_in_stages_is_the_one_made_at_once()
    {
        await RunAsync("data");
        string staged = Directory.CreateDirectory(_folder["staged"]).FullName;
        foreach (string until in (string[])["download", "resize", "records"])
        {
            KoalaRun stage = await KoalaProcess.RunAsync(staged, ["run", "../links.txt", "data", "--allow-private", "--json", "--until", until, .. Network]);
            Assert.Equal((0, ""), (stage.ExitCode, stage.Errors));
        }

        Assert.Equal(80 + 80, _web.Requests);
        var expected = Tree.OfResults(_folder["data"]);
        var made = Tree.OfResults(Path.Combine(staged, "data"));
        expected.Remove("dataset.json"); // names the list's path as it was typed
        made.Remove("dataset.json");
        Assert.Equal(expected, made);
    }

    [Fact]
    public async Task Another_directory_and_a_packed_list_go_on_with_the_same_set()
    {
        await RunAsync("data", "--until", "download");
        string elsewhere = Directory.CreateDirectory(_folder["elsewhere"]).FullName;
        using (var packed = new System.IO.Compression.GZipStream(File.Create(Path.Combine(elsewhere, "links.gz")), System.IO.Compression.CompressionLevel.Fastest))
        {
            packed.Write(File.ReadAllBytes(_folder["links.txt"]));
        }

        KoalaRun run = await KoalaProcess.RunAsync(elsewhere, ["run", "links.gz", "../data", "--allow-private", "--json", .. Network]);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("data/resized/", File.ReadAllText(_folder["data/.koala/job.json"]));
        KoalaRun inspected = await KoalaProcess.RunAsync(_folder.Path, "inspect", "data/tfrecords/lab_images_0.tfrecord", "--json");
        Assert.All(
            inspected.Events.Where(e => e.GetProperty("event").GetString() == "picture_inspected"),
            picture => Assert.StartsWith("data/resized/", picture.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("another list", "other.txt")]
    [InlineData("--size", "links.txt", "--size", "320", "--until", "resize")]
    [InlineData("--count", "links.txt", "--count", "7")]
    [InlineData("--batch-size is 21", "links.txt", "--batch-size", "21")]
    [InlineData("were computed on simulated", "links.txt", "-c", "random:5", "--device", "cpu")]
    [InlineData("--compression is gzip", "links.txt", "--compression", "gzip")]
    [InlineData("another source", ".")]
    public async Task Other_parameters_for_a_set_that_was_begun_are_refused_by_name(string named, string list, params string[] options)
    {
        await RunAsync("data");
        var before = Tree.OfResults(_folder["data"]);
        File.WriteAllLines(_folder["other.txt"], _web.Links(81));

        string[] network = options.Contains("--device") ? ["--batch-size", "20"] : options.Contains("--batch-size") ? Network[..2] : Network;
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, ["run", list, "data", "--allow-private", .. network, .. options]);

        Assert.Equal(3, run.ExitCode);
        Assert.Contains(named, run.Errors);
        Assert.Equal(before, Tree.OfResults(_folder["data"]));
    }

    [Fact]
    public async Task A_set_of_another_size_than_records_need_gets_none_and_stays_as_it_is()
    {
        await RunAsync("data", "--size", "320", "--until", "resize");

        KoalaRun run = await RunAsync("data");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("320x320", run.Event("command_failed").GetProperty("error").GetString());
        Assert.False(File.Exists(_folder["data/.koala/network.json"]));
        Assert.False(Directory.Exists(_folder["data/tfrecords"]));
    }

    [Fact]
    public async Task A_network_that_does_not_load_does_not_bind_the_set_to_itself()
    {
        KoalaRun failed = await KoalaProcess.RunAsync(
            _folder.Path, "run", "links.txt", "data", "--allow-private", "--json", "-c", Golden.PathOf("checkpoints/v1_single.ckpt"));
        Assert.Equal(3, failed.ExitCode);

        KoalaRun run = await RunAsync("data");
        Assert.Equal((0, 3), (run.ExitCode, run.Event("run_done").GetProperty("records").GetInt32()));
    }

    [Fact]
    public async Task A_record_whose_file_and_manifest_are_gone_is_made_again_also_of_a_round_that_is_over()
    {
        await RunAsync("data");
        var before = Tree.OfResults(_folder["data"]);
        File.Delete(_folder["data/tfrecords/lab_images_1.tfrecord"]);
        KoalaRun refused = await RunAsync("data");
        Assert.Contains(".koala/records/1.json", refused.Event("command_failed").GetProperty("error").GetString());
        File.Delete(_folder["data/.koala/records/1.json"]);

        Assert.Equal(0, (await RunAsync("data")).ExitCode);
        Assert.Equal(before, Tree.OfResults(_folder["data"]));
    }

    [Fact]
    public async Task A_share_of_a_list_stays_that_share_when_a_later_run_does_not_name_it()
    {
        await RunAsync("data", "--skip", "8", "--count", "16", "--until", "download");
        File.SetLastWriteTimeUtc(_folder["links.txt"], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        KoalaRun run = await RunAsync("data");
        Assert.Equal((0, 16), (run.ExitCode, run.Event("run_done").GetProperty("links").GetInt32()));
    }

    [Fact]
    public async Task A_folder_that_is_not_mounted_any_more_costs_no_picture()
    {
        Directory.CreateDirectory(_folder["photos"]);
        for (int i = 0; i < 4; i++)
        {
            File.WriteAllBytes(_folder[$"photos/{i}.jpg"], PictureWeb.Picture(i));
        }

        string[] command = ["run", "photos", "data", "--json", "--until", "resize"];
        await KoalaProcess.RunAsync(_folder.Path, command);
        Directory.Delete(_folder["data/.koala/slices"], recursive: true);
        Directory.Move(_folder["photos"], _folder["elsewhere"]);
        Directory.CreateDirectory(_folder["photos"]);

        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, command);
        Assert.Equal(3, run.ExitCode);
        Assert.EndsWith("is it mounted?", run.Event("command_failed").GetProperty("error").GetString());
        Assert.False(Directory.Exists(_folder["data/.koala/slices"]));
    }

    [Fact]
    public async Task A_record_that_koala_did_not_write_is_refused_by_name_and_stays()
    {
        Directory.CreateDirectory(_folder["data/tfrecords"]);
        File.WriteAllText(_folder["data/tfrecords/lab_images_0.tfrecord"], "a user's");

        KoalaRun run = await RunAsync("data");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("lab_images_0.tfrecord", run.Event("command_failed").GetProperty("error").GetString());
        Assert.Equal("a user's", File.ReadAllText(_folder["data/tfrecords/lab_images_0.tfrecord"]));
    }

    [Fact]
    public async Task A_picture_that_stood_there_before_is_taken_up_when_it_is_whole_and_damaged_when_not()
    {
        string whole = Harvest($"{_web.Root}/picture/0.jpg"), half = Harvest($"{_web.Root}/picture/1.jpg");
        Directory.CreateDirectory(_folder["data/original"]);
        File.WriteAllBytes(_folder[$"data/original/{whole}"], PictureWeb.Picture(7, "from elsewhere"));
        File.WriteAllBytes(_folder[$"data/original/{half}"], PictureWeb.Picture(7)[..500]);

        KoalaRun run = await RunAsync("data", "--until", "resize");

        var links = run.Events.Where(e => e.GetProperty("event").GetString() == "link_done").ToDictionary(e => e.GetProperty("name").GetString()!);
        Assert.Equal(("kept", 0), (links[whole].GetProperty("outcome").GetString(), links[whole].GetProperty("tries").GetInt32()));
        Assert.Equal("damaged", links[half].GetProperty("outcome").GetString());
        Assert.StartsWith("stood there before", links[half].GetProperty("detail").GetString());
        Assert.Equal(PictureWeb.Picture(7, "from elsewhere"), File.ReadAllBytes(_folder[$"data/original/{whole}"]));
    }

    [Fact]
    public async Task A_folder_of_pictures_is_read_where_it_lies()
    {
        Directory.CreateDirectory(_folder["photos"]);
        for (int i = 0; i < 30; i++)
        {
            File.WriteAllBytes(_folder[$"photos/{i:d2}{(i % 2 == 0 ? ".JPG" : ".jpeg")}"], i % 10 == 9 ? [1, 2, 3] : PictureWeb.Picture(i));
        }

        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, ["run", "photos", "data", "--json", .. Network]);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(27, run.Event("run_done").GetProperty("kept").GetInt32());
        Assert.False(Directory.Exists(_folder["data/original"]));
        File.WriteAllBytes(_folder["photos/later.jpg"], PictureWeb.Picture(99));
        KoalaRun again = await KoalaProcess.RunAsync(_folder.Path, ["run", "photos", "data", "--json", .. Network]);
        Assert.Contains(again.Events, e => e.GetProperty("event").GetString() == "note" && e.GetProperty("text").GetString()!.StartsWith("1 picture came into", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_interrupted_run_leaves_nothing_temporary_and_a_second_one_is_kept_out_meanwhile()
    {
        _web.Gate = new TaskCompletionSource();
        using Process first = KoalaProcess.Start(_folder.Path, ["run", "links.txt", "data", "--allow-private", .. Network]);
        first.StandardInput.Close();
        Assert.True(SpinWait.SpinUntil(() => _web.Requests > 0, TimeSpan.FromMinutes(1)));

        KoalaRun second = await RunAsync("data");
        Assert.Equal(3, second.ExitCode);
        Assert.Contains("is being worked on by another koala", second.Event("command_failed").GetProperty("error").GetString());

        Signals.Interrupt(first);
        KoalaRun interrupted = await KoalaProcess.EndAsync(first);
        Assert.Equal(130, interrupted.ExitCode);
        Assert.Empty(Tree.Temporary(_folder["data"]));
        _web.Gate.SetResult();
    }

    private static string Harvest(string url) =>
#pragma warning disable CA5351 // The names' definition.
        Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(System.Text.Encoding.UTF8.GetBytes(url))) + ".jpeg";
#pragma warning restore CA5351

    private Task<KoalaRun> RunAsync(string data, params string[] options) =>
        KoalaProcess.RunAsync(_folder.Path, ["run", "links.txt", data, "--allow-private", "--json", .. Network, .. options]);
}
