using System.Diagnostics;

namespace Koalarization.Integration;

/// <summary>A folder of the wrong kind gets one sentence that names what it holds and what to do first; nothing is written.</summary>
public sealed class WrongFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> WrongLines => new()
    {
        { "lab-batch originals out --device simulated", "originals holds pictures that are not 299x299 (cat_299x300.jpeg is 299x300); resize them first: koala resize originals RESIZED" },
        { "lab-batch empty out --device simulated", "no .jpg or .jpeg files in empty: it is empty; koala resize ORIGINALS empty fills it." },
        { "lab-batch records out --device simulated", "it holds records (lab_images_0.tfrecord), which are made from pictures" },
        { "lab-batch steps out --device simulated", "it holds a data set; give steps/resized instead" },
        { "lab-batch texts out --device simulated", "none of the 2 files in texts is a picture of 299x299 (a.jpg is not_jpeg)" },
        { "resize records out", "it holds records (lab_images_0.tfrecord), which are made from pictures; give the folder of the pictures" },
        { "resize empty out", "it is empty; koala download LINKS empty fills it" },
        { "resize lists out", "it holds lists of links (urls.csv); download their pictures first: koala download lists/urls.csv ORIGINALS" },
        { "resize steps out", "it holds a data set; give steps/original instead" },
        { "resize texts out", "none of the 2 files in texts is a picture that can be resized, so nothing was written" },
        { "resize pngs out", "it holds pictures of another format (a.png), and only JPEG files are taken" },
        { "download lists out", "lists is a folder, and download takes a list of links; give one of its files, such as lists/urls.csv." },
        { "download originals out", "its pictures are there already: koala resize originals RESIZED takes them." },
        { "split originals --none", "it holds pictures (astronaut_299x299.jpeg); make records of them first: koala resize originals RESIZED, then koala lab-batch RESIZED RECORDS" },
        { "verify empty", "it is empty; koala lab-batch RESIZED empty fills it" },
        { "repair originals", "originals is neither a data set nor a folder of lab_images_K.tfrecord: it holds pictures" },
        { "inspect originals", "no .tfrecord files in originals: it holds pictures" },
        { "compress packed --to gzip", "it holds packed copies; unpack them first: koala compress packed/lab_images_0.tfrecord.zst --to none --out RECORDS" },
        { "failures records", "records has no index.csv: it holds records (lab_images_0.tfrecord); give the folder of the data set around them" },
        { "run records out --device simulated", "it holds records (lab_images_0.tfrecord)" },
        { "run steps out --device simulated", "it holds a data set; give steps/original instead" },
        { "run empty out --device simulated", "it is empty; koala download LINKS empty fills it" },
    };

    [Theory]
    [MemberData(nameof(WrongLines))]
    public async Task One_sentence_names_what_a_folder_holds_and_the_step_to_run_first(string line, string part)
    {
        string[] pictures = ["coffee_375x500.jpeg", "raccoon_500x333.jpeg", "rocket_333x500.jpeg", "cat_299x300.jpeg", "astronaut_299x299.jpeg"];
        foreach (string folder in (string[])["originals", "steps/original", "steps/resized"])
        {
            Directory.CreateDirectory(_folder[folder]);
            foreach (string picture in pictures)
            {
                File.Copy(Golden.PathOf(folder == "steps/resized" ? $"resized_299x299/files/{picture}" : $"pictures/{picture}"), _folder[$"{folder}/{picture}"]);
            }
        }

        foreach (string file in (string[])["records/lab_images_0.tfrecord", "packed/lab_images_0.tfrecord.zst", "lists/urls.csv", "pngs/a.png", "texts/a.jpg", "texts/b.jpg"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            File.WriteAllText(_folder[file], "http://a.example/b.jpg\n");
        }

        Directory.CreateDirectory(_folder["steps/resized/.koala"]);
        Directory.CreateDirectory(_folder["steps/original/.koala"]);
        Directory.CreateDirectory(_folder["empty"]);
        string[] before = Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories);
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, line.Split(' '));
        Assert.True(run.ExitCode == 3, run.Output + run.Errors);
        string sentence = Assert.Single(run.Errors.Split('\n'), text => text.StartsWith("koala: ", StringComparison.Ordinal));
        Assert.Contains(part, sentence, StringComparison.Ordinal);
        Assert.Equal(before.Order(StringComparer.Ordinal), Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).Where(path => path != _folder["cache"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_run_on_links_over_folders_pipes_loops_and_droppings_of_archivers_takes_the_pictures_alone()
    {
        Directory.CreateDirectory(_folder["real/inner"]);
        Directory.CreateDirectory(_folder["photos"]);
        File.CreateSymbolicLink(_folder["link"], _folder["real/inner"]);
        File.Copy(Golden.PathOf("pictures/one_pixel.jpeg"), _folder["photos/a.jpg"]);
        File.Copy(Golden.PathOf("pictures/one_pixel.jpeg"), _folder["photos/._a.jpg"]);
        File.CreateSymbolicLink(_folder["photos/loop.jpg"], _folder["photos/loop.jpg"]);
        using (Process pipe = Process.Start("mkfifo", _folder["photos/x.jpg"]))
        {
            await pipe.WaitForExitAsync();
        }

        // By the operating system's rule link/../set is real/set.
        KoalaRun resized = await KoalaProcess.RunAsync(_folder.Path, "resize", "photos", "link/../set", "--json");
        Assert.Equal(1, resized.ExitCode);
        Assert.Equal((3, 1, 2), (Count(resized, "pictures"), Count(resized, "resized"), Count(resized, "left_out")));
        Assert.Equal([_folder["real/set/a.jpg"]], Directory.GetFiles(_folder["real/set"]));
        Assert.False(Directory.Exists(_folder["set"]));
    }

    private static int Count(KoalaRun run, string name) => run.Event("resize_done").GetProperty(name).GetInt32();
}
