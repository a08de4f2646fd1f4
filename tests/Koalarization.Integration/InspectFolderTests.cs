using System.Text.Json;

namespace Koalarization.Integration;

public sealed class InspectFolderTests : IDisposable
{
    private const string Record = "records/upstream_224_lab_images_0.tfrecord";
    private const string Other = "records/upstream_224_lab_images_1.tfrecord";

    private readonly TemporaryFolder _folder = new();

    public InspectFolderTests()
    {
        Directory.CreateDirectory(_folder["data/tfrecords"]);
        File.Copy(Golden.PathOf(Record), _folder["data/tfrecords/lab_images_10.tfrecord"]);
        File.Copy(Golden.PathOf(Other), _folder["data/tfrecords/val_lab_images_9.tfrecord"]);
        File.WriteAllText(_folder["data/tfrecords/notes.txt"], "");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("data")]
    [InlineData("data/tfrecords/")]
    public async Task A_folders_records_are_shown_in_number_order_and_summed_up(string folder)
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "inspect", folder, "--json");
        Assert.Equal(0, run.ExitCode);
        JsonElement[] files = [.. run.Events.Where(e => e.GetProperty("event").GetString() == "record_inspected")];
        Assert.Equal(
            ["val_lab_images_9.tfrecord", "lab_images_10.tfrecord"], files.Select(file => Path.GetFileName(file.GetProperty("file").GetString())));
        JsonElement sum = run.Event("folder_inspected");
        Assert.Equal(2, sum.GetProperty("files").GetInt32());
        Assert.Equal(1, sum.GetProperty("validation").GetInt32());
        Assert.Equal(files.Sum(file => file.GetProperty("pictures").GetInt64()), sum.GetProperty("pictures").GetInt64());
        Assert.Equal(files.Sum(file => file.GetProperty("bytes").GetInt64()), sum.GetProperty("bytes").GetInt64());
        JsonElement[] pictures = [.. run.Events.Where(e => e.GetProperty("event").GetString() == "picture_inspected")];
        Assert.Equal(pictures.Average(picture => picture.GetProperty("luminance").GetDouble()), sum.GetProperty("mean_luminance").GetDouble(), precision: 9);
        Assert.Equal(pictures.Average(picture => picture.GetProperty("chroma").GetDouble()), sum.GetProperty("mean_chroma").GetDouble(), precision: 9);
    }

    [Fact]
    public async Task As_text_a_folder_has_a_line_for_each_file_and_one_for_all()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "inspect", "data");
        Assert.Equal(3, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("data: 2 files (1 for validation), 3 pictures", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folders_page_has_all_its_files()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "inspect", "data", "--html", "page.html");
        Assert.Equal(0, run.ExitCode);
        string page = File.ReadAllText(_folder["page.html"]);
        Assert.Equal(6, page.Split("<img ").Length - 1);
        Assert.Contains("data: 2 files", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_is_counted_and_the_others_are_summed_up()
    {
        File.WriteAllText(_folder["data/tfrecords/lab_images_2.tfrecord"], "no record at all");
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "inspect", "data", "--json");
        Assert.Equal(1, run.ExitCode);
        JsonElement sum = run.Event("folder_inspected");
        Assert.Equal((3, 1, 3), (sum.GetProperty("files").GetInt32(), sum.GetProperty("damaged").GetInt32(), sum.GetProperty("pictures").GetInt32()));
    }

    [Fact]
    public async Task A_packed_copy_is_shown_as_what_it_holds()
    {
        await KoalaProcess.RunAsync(_folder.Path, "compress", "data", "--to", "zstd");
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "inspect", "data/tfrecords/lab_images_10.tfrecord.zst", "--json");
        Assert.Equal("zstd", run.Event("record_inspected").GetProperty("compression").GetString());
    }
}
