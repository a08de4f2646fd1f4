using System.Text.Json;

namespace Koalarization.Integration;

public sealed class ResizeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TurboJpegFact]
    public async Task Files_equal_the_originals_byte_for_byte()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "resize", Golden.PathOf("pictures"), "resized");
        Assert.Equal(0, run.ExitCode);
        string[] expected = Directory.GetFiles(Golden.PathOf("resized_299x299/files"));
        Assert.Equal(expected.Length, Directory.GetFiles(_folder["resized"]).Length);
        Assert.All(expected, file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(_folder["resized/" + Path.GetFileName(file)])));
    }

    [Fact]
    public async Task Bad_pictures_are_left_out_by_name_and_the_rest_is_done()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "resize", Golden.PathOf("bad"), "resized", "--json");
        Assert.Equal(1, run.ExitCode);
        Dictionary<string, string> leftOut = run.Events
            .Where(e => e.GetProperty("event").GetString() == "left_out")
            .ToDictionary(e => e.GetProperty("name").GetString()!, e => e.GetProperty("reason").GetString()!);
        Assert.Equal("empty", leftOut["empty.jpeg"]);
        Assert.Equal("not_jpeg", leftOut["png.jpeg"]);
        Assert.Equal("too_many_pixels", leftOut["claims_65500x65500.jpeg"]);
        Assert.Equal("damaged", leftOut["truncated_half.jpeg"]);
        Assert.True(File.Exists(_folder["resized/trailing_garbage.jpeg"]));
        JsonElement done = run.Event("resize_done");
        Assert.Equal(leftOut.Count, done.GetProperty("left_out").GetInt64());
        Assert.Equal(Directory.GetFiles(_folder["resized"]).Length, done.GetProperty("resized").GetInt64());
    }

    [Fact]
    public async Task A_second_run_makes_only_what_is_missing()
    {
        Directory.CreateDirectory(_folder["original"]);
        File.Copy(Golden.PathOf("pictures/one_pixel.jpeg"), _folder["original/a.jpg"]);
        File.Copy(Golden.PathOf("pictures/coffee_7x5_enlarged.jpeg"), _folder["original/B.JPEG"]);
        await KoalaProcess.RunAsync(_folder.Path, "resize", "original", "resized");
        byte[] first = File.ReadAllBytes(_folder["resized/a.jpg"]);
        File.Delete(_folder["resized/a.jpg"]);

        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "resize", "original", "resized", "--json");

        Assert.Equal(1, run.Event("resize_done").GetProperty("already_there").GetInt64());
        Assert.Equal(first, File.ReadAllBytes(_folder["resized/a.jpg"]));
        Assert.True(File.Exists(_folder["resized/B.JPEG"]));
    }

    [Fact]
    public async Task A_folder_that_was_begun_with_one_size_is_refused_for_another()
    {
        Directory.CreateDirectory(_folder["original"]);
        File.Copy(Golden.PathOf("pictures/one_pixel.jpeg"), _folder["original/a.jpg"]);
        Assert.Equal(0, (await KoalaProcess.RunAsync(_folder.Path, "resize", "original", "resized", "-s", "32,20")).ExitCode);
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "resize", "original", "resized");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("32x20, not 299x299", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_that_cannot_be_read_costs_itself_alone_and_no_control_character_reaches_the_terminal()
    {
        Directory.CreateDirectory(_folder["original"]);
        File.Copy(Golden.PathOf("pictures/one_pixel.jpeg"), _folder["original/good.jpg"]);
        File.CreateSymbolicLink(_folder["original/lost\u001b[31m.jpg"], _folder["nowhere.jpg"]);
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "resize", "original", "resized");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("lost?[31m.jpg: unreadable", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Errors);
        Assert.True(File.Exists(_folder["resized/good.jpg"]));
    }
}
