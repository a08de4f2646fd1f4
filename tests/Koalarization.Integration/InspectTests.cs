using System.Text.Json;

namespace Koalarization.Integration;

public sealed class InspectTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tells_what_upstreams_record_holds()
    {
        KoalaRun run = await KoalaProcess.RunAsync(
            _folder.Path, "inspect", Golden.PathOf("records/docs_299_lab_images_0.tfrecord"), "--labels", Golden.PathOf("labels/protocol2.pkl"), "--json");
        Assert.Equal(0, run.ExitCode);
        JsonElement picture = run.Event("picture_inspected");
        Assert.Equal("data/resized/coffee_500x375.jpeg", picture.GetProperty("name").GetString());
        Assert.Equal(299, picture.GetProperty("size").GetInt32());
        JsonElement[] largest = [.. picture.GetProperty("largest").EnumerateArray()];
        Assert.Equal(5, largest.Length);
        float[] logits = [.. largest.Select(logit => logit.GetProperty("value").GetSingle())];
        Assert.Equal(logits.OrderDescending(), logits);
        int first = largest[0].GetProperty("logit").GetInt32();
        Assert.StartsWith($"class {first - 1}, made up", largest[0].GetProperty("name").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_stands_alone_and_shows_each_picture_twice()
    {
        KoalaRun run = await KoalaProcess.RunAsync(
            _folder.Path, "inspect", Golden.PathOf("records/upstream_224_lab_images_0.tfrecord"), "--html", "page.html");
        Assert.Equal(0, run.ExitCode);
        string page = File.ReadAllText(_folder["page.html"]);
        Assert.Equal(4, page.Split("<img ").Length - 1);
        Assert.Equal(4, page.Split("src=\"data:image/jpeg;base64,").Length - 1);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Foreign_records_are_shown_by_their_features()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "inspect", Golden.PathOf("tfrecords/tensorflow_gzip.tfrecord"), "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("gzip", run.Event("record_inspected").GetProperty("compression").GetString());
        Assert.Contains(run.Events, e => e.GetProperty("event").GetString() == "other_inspected" && e.TryGetProperty("features", out _));
    }

    [Fact]
    public async Task A_damaged_file_is_named_with_offset_and_check_and_the_others_are_shown()
    {
        byte[] bytes = Golden.Bytes("records/docs_299_lab_images_0.tfrecord");
        bytes[^1] ^= 1;
        File.WriteAllBytes(_folder["damaged.tfrecord"], bytes);
        KoalaRun run = await KoalaProcess.RunAsync(
            _folder.Path, "inspect", "damaged.tfrecord", Golden.PathOf("records/docs_299_lab_images_0.tfrecord"), "--json");
        Assert.Equal(1, run.ExitCode);
        string error = run.Event("file_damaged").GetProperty("error").GetString()!;
        Assert.Contains("damaged.tfrecord", error, StringComparison.Ordinal);
        Assert.Single(run.Events, e => e.GetProperty("event").GetString() == "picture_inspected");
    }

    [TurboJpegTheory]
    [InlineData("pictures/coffee_500x375.jpeg", 0, "JPEG, 500x375, baseline, 3 components 2x2 1x1 1x1, 31,851 bytes: whole")]
    [InlineData("pictures/raccoon_400x300_exif_rotated.jpeg", 0, ", EXIF orientation 6 (not applied): whole")]
    [InlineData("bad/no_end_marker.jpeg", 0, "31,849 bytes: whole; it has no end marker")]
    [InlineData("bad/truncated_last_100.jpeg", 3, ": damaged: it ends before its last row")]
    [InlineData("bad/png.jpeg", 3, "5,436 bytes: no picture for koala: it is a PNG")]
    [InlineData("bad/html.jpeg", 3, ": no picture for koala: it is HTML or XML")]
    [InlineData("bad/empty.jpeg", 3, "0 bytes: no picture for koala: it is empty")]
    public async Task A_picture_file_is_told_with_what_is_wrong_with_it(string name, int exitCode, string sentence)
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "inspect", Golden.PathOf(name));
        Assert.Equal(exitCode, run.ExitCode);
        Assert.EndsWith(sentence, run.Output.TrimEnd());
    }

    [Fact]
    public async Task A_pickle_that_would_run_something_is_refused()
    {
        KoalaRun run = await KoalaProcess.RunAsync(
            _folder.Path, "inspect", Golden.PathOf("records/docs_299_lab_images_0.tfrecord"), "--labels", Golden.PathOf("labels/hostile.pkl"));
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("hostile.pkl", run.Errors, StringComparison.Ordinal);
    }
}
