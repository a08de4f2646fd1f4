using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Koalarization.Integration.Runs;
using Parquet;
using Parquet.Schema;

namespace Koalarization.Integration;

/// <summary>Lists and folders as people have them, given to the program itself.</summary>
public sealed class ListsTests : IAsyncLifetime
{
    private const string AsMarkup = "<!DOCTYPE html><html><title>Sign in</title>";

    private readonly TemporaryFolder _folder = new();
    private PictureWeb _web = null!;

    public async Task InitializeAsync() => _web = await PictureWeb.StartAsync();

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        _folder.Dispose();
    }

    [TurboJpegFact]
    public async Task The_same_links_in_any_format_make_the_same_set()
    {
        string[] urls = [.. Enumerable.Range(0, 5).Select(i => $"{_web.Root}/picture/{i}.jpg"), $"{_web.Root}/picture/7 my.jpg"];
        string lines = string.Join('\n', urls) + "\n";
        File.WriteAllText(_folder["a.txt"], lines);
        File.WriteAllText(_folder["b.txt"], lines.Replace("\n", "\r\n", StringComparison.Ordinal), Encoding.Unicode);
        File.WriteAllText(_folder["c.csv"], "\"url\"\n" + string.Concat(urls.Select(url => $"\"{url}\"\n")));
        File.WriteAllText(_folder["d.tsv"], "url\t\n" + lines.Replace("\n", "\t\n", StringComparison.Ordinal));
        File.WriteAllText(_folder["e.jsonl"], string.Concat(urls.Select(url => JsonSerializer.Serialize(new { url }) + "\n")));
        File.WriteAllText(_folder["f.json"], JsonSerializer.Serialize(urls));
        File.WriteAllBytes(_folder["g.parquet"], await ParquetAsync(urls));
        var trees = new List<IEnumerable<KeyValuePair<string, string>>>();
        foreach (string list in (string[])["a.txt", "b.txt", "c.csv", "d.tsv", "e.jsonl", "f.json", "g.parquet"])
        {
            string data = $"data{trees.Count}";
            KoalaRun run = await KoalaProcess.RunAsync(
                _folder.Path, "run", list, data, "--device", "simulated", "--batch-size", "4", "--allow-private", "--image-name-prefix", "p/", "--json");
            Assert.True(run.ExitCode == 0, run.Output + run.Errors);
            trees.Add(Tree.OfResults(_folder[data]).Where(file => file.Key != "dataset.json"));
        }

        Assert.All(trees, tree => Assert.Equal(trees[0], tree));
        Assert.Equal(6, Directory.GetFiles(_folder["data0/original"]).Length);
    }

    [Fact]
    public async Task Columns_are_kept_in_the_plan_and_in_the_index()
    {
        File.WriteAllText(_folder["list.tsv"], $"caption\tURL\tlabel\n\"two\nlines\"\t{_web.Root}/picture/0.jpg\t7\nx\twww.example.org/a.jpg\t8\n");

        KoalaRun run = await RunAsync("list.tsv", "--until", "resize");

        Assert.Equal(0, run.ExitCode);
        JsonElement read = run.Event("list_read");
        Assert.Equal("tsv", read.GetProperty("format").GetString());
        Assert.Equal("URL", read.GetProperty("url_column").GetString());
        Assert.Equal(1, read.GetProperty("unusable").GetProperty("no_scheme").GetInt32());
        Assert.Equal(4, read.GetProperty("unusable_examples")[0].GetProperty("line").GetInt32());
        using var plan = JsonDocument.Parse(File.ReadAllText(_folder["data/.koala/plan/1/links.jsonl"]));
        Assert.Equal("two\nlines", plan.RootElement.GetProperty("columns").GetProperty("caption").GetString());
        Assert.Contains(",two lines\t7,", File.ReadAllText(_folder["data/index.csv"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("www.example.org/a.jpg\n", "first line is 'www.example.org/a.jpg'")]
    [InlineData("", "it is empty")]
    [InlineData(AsMarkup, "web page (HTML)")]
    [InlineData("url,caption\n,x\n", "CSV with commas")]
    public async Task A_list_without_a_link_is_an_error_and_leaves_nothing(string content, string reason)
    {
        File.WriteAllText(_folder["list"], content);

        foreach (string command in (string[])["download", "run"])
        {
            KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, [command, "list", "out", .. command == "run" ? ["--until", "resize"] : (string[])[]]);
            Assert.Equal(3, run.ExitCode);
            Assert.Contains(reason, run.Errors, StringComparison.Ordinal);
            Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        KoalaRun doctor = await KoalaProcess.RunAsync(_folder.Path, "doctor", "list");
        Assert.Equal(3, doctor.ExitCode);
        Assert.Contains(reason, doctor.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out/original"]));
    }

    [Fact]
    public async Task Download_counts_lost_lines_by_reason()
    {
        File.WriteAllText(_folder["list.txt"], $"{_web.Root}/picture/0.jpg\n//example.org/a.jpg\nftp://example.org/a.jpg\n<{_web.Root.Replace("http", "HTTP", StringComparison.Ordinal)}/picture/1.jpg>\n");

        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "download", "list.txt", "out", "--allow-private", "--json");

        JsonElement done = run.Event("download_done");
        Assert.Equal(2, done.GetProperty("kept").GetInt32());
        Assert.Equal(2, done.GetProperty("unusable_lines").GetInt32());
        Assert.Equal(1, done.GetProperty("unusable").GetProperty("other_scheme").GetInt32());
        Assert.Equal("//example.org/a.jpg", done.GetProperty("unusable_examples")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Doctor_describes_a_list_and_fetches_nothing()
    {
        File.WriteAllText(_folder["list.csv"], $"id;Image URL\n1;{_web.Root}/picture/0.jpg\n2;{_web.Root}/picture/0.jpg\n3;http://b.example/1.jpg\n4;x\n");

        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "doctor", "list.csv", "--json");

        Assert.Equal(0, run.ExitCode);
        JsonElement check = run.Event("list_check");
        Assert.Equal("csv", check.GetProperty("format").GetString());
        Assert.Equal("Image URL", check.GetProperty("url_column").GetString());
        Assert.Equal((3, 1), (check.GetProperty("links").GetInt32(), check.GetProperty("duplicates").GetInt32()));
        Assert.Equal(2, check.GetProperty("hosts").GetProperty("127.0.0.1").GetInt32());
        Assert.Equal(5, check.GetProperty("unusable_examples")[0].GetProperty("line").GetInt32());
        Assert.Equal(0, _web.Requests);
        Assert.Contains("CSV with semicolons, column Image URL", (await KoalaProcess.RunAsync(_folder.Path, "doctor", "list.csv")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_set_that_an_earlier_version_began_keeps_the_links_that_it_found()
    {
        // The first reader took the comma for a part of the URL and lost the line in capitals.
        string capitals = _web.Root.Replace("http", "HTTP", StringComparison.Ordinal);
        File.WriteAllText(_folder["list.txt"], $"{_web.Root}/picture/0.jpg?,\n{capitals}/picture/1.jpg\n");
        Assert.Equal(0, (await RunAsync("list.txt", "--until", "resize", "--count", "1")).ExitCode);
        string job = File.ReadAllText(_folder["data/.koala/job.json"]);
        Assert.Contains("\"list_reader\": 2", job, StringComparison.Ordinal);
        Directory.Delete(_folder["data"], recursive: true);

        // What version 0.1.0 wrote of the same list before it was killed.
        Directory.CreateDirectory(_folder["data/.koala"]);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"\t{_web.Root}/picture/0.jpg?,\n")));
        File.WriteAllText(_folder["data/.koala/job.json"], Regex.Replace(
            job.Replace(",\n  \"list_reader\": 2", "", StringComparison.Ordinal).Replace("\"count\": 1", "\"count\": null", StringComparison.Ordinal),
            "\"links_sha256\": \"[0-9a-f]+\"", $"\"links_sha256\": \"{sha256}\"", RegexOptions.None, TimeSpan.FromSeconds(1)));

        KoalaRun run = await RunAsync("list.txt", "--until", "resize");

        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Equal(1, run.Event("run_done").GetProperty("links").GetInt32());
        Assert.Contains("/picture/0.jpg?,", File.ReadAllText(_folder["data/index.csv"]), StringComparison.Ordinal);
        Assert.DoesNotContain("list_reader", File.ReadAllText(_folder["data/.koala/job.json"]) + File.ReadAllText(_folder["data/dataset.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_folders_is_read_and_what_cannot_be_read_hangs_nothing()
    {
        byte[] picture = PictureWeb.Picture(0);
        foreach (string file in (string[])["n01440764/x.JPEG", "n01443537/x.JPEG", "top.jpg", "._top.jpg"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder["photos/" + file])!);
            File.WriteAllBytes(_folder["photos/" + file], picture);
        }

        using (Process pipe = Process.Start("mkfifo", _folder["photos/pipe.jpg"]))
        {
            await pipe.WaitForExitAsync();
        }

        Directory.CreateSymbolicLink(_folder["photos/n01440764/loop"], _folder["photos"]);
        File.CreateSymbolicLink(_folder["photos/self.jpg"], _folder["photos/self.jpg"]);

        KoalaRun run = await RunAsync("photos", "--device", "simulated");
        KoalaRun resize = await KoalaProcess.RunAsync(_folder.Path, "resize", "photos", "small", "--json");

        string[] pictures = ["n01440764%2Fx.JPEG", "n01443537%2Fx.JPEG", "top.jpg"];
        Assert.Equal(pictures, Directory.GetFiles(_folder["data/resized"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(pictures, Directory.GetFiles(_folder["small"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(2, run.Event("run_done").GetProperty("failed").GetProperty("not_jpeg").GetInt32());
        Assert.Equal(2, resize.Event("resize_done").GetProperty("left_out").GetInt32());
        Assert.Contains(",n01440764,", File.ReadAllText(_folder["data/index.csv"]), StringComparison.Ordinal);
        KoalaRun verify = await KoalaProcess.RunAsync(_folder.Path, "verify", "data");
        Assert.True(verify.ExitCode == 0, verify.Output + verify.Errors);
    }

    [Fact]
    public async Task Resize_of_a_folder_without_a_picture_is_an_error()
    {
        Directory.CreateDirectory(_folder["none"]);
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "resize", "none", "out");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("no .jpg or .jpeg files in none", run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public async Task A_path_back_over_a_link_is_the_one_that_the_system_means()
    {
        Directory.CreateDirectory(_folder["real/inner"]);
        Directory.CreateSymbolicLink(_folder["link"], _folder["real/inner"]);
        File.WriteAllText(_folder["list.txt"], $"{_web.Root}/picture/0.jpg\n");

        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "download", "list.txt", "link/../set", "--allow-private");

        Assert.Equal(0, run.ExitCode);
        Assert.Single(Directory.GetFiles(_folder["real/set"]));
        Assert.False(Directory.Exists(_folder["set"]));
    }

    private static async Task<byte[]> ParquetAsync(string[] urls)
    {
        var field = new DataField<string>("url");
        using var file = new MemoryStream();
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(field), file))
        {
            using ParquetRowGroupWriter rows = writer.CreateRowGroup();
            await rows.WriteAsync(field, urls);
        }

        return file.ToArray();
    }

    private Task<KoalaRun> RunAsync(string source, params string[] options) =>
        KoalaProcess.RunAsync(_folder.Path, ["run", source, "data", "--allow-private", "--json", .. options]);
}
