using System.Text;
using System.Text.Json;
using Koalarization.Records.Examples;
using Koalarization.Records.Framing;

namespace Koalarization.Integration.Pages;

public sealed class InspectPageTests : IDisposable
{
    private const string Record = "records/docs_299_lab_images_0.tfrecord";
    private const string Header = "name,url,words,round,outcome,detail,original_bytes,width,height,original_sha256,resized_bytes,resized_sha256,chroma,record,place";

    private readonly TemporaryFolder _folder = new();

    public InspectPageTests() => Directory.CreateDirectory(_folder["data/tfrecords"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_url_of_the_web_is_a_link_and_any_other_is_text()
    {
        string[] links =
        [
            "http://a.example/x.jpg", "HTTPS://a.example/x.jpg?a=1&b=2&amp;c=%22", "http://a.example/\"onmouseover=\"alert(1)/x.jpg",
            "http://a.example/'><script>alert(1)</script>.jpg", "http://a.example/x@y.jpg",
        ];
        string[] texts =
        [
            "javascript:alert(1)//.jpg", " JavaScript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "//a.example/x.jpg",
            "http:javascript:alert(1)", "http://127.0.0.1:9/x.jpg", "http://", "//", "n01440764",
        ];
        PageHtml page = await PageOfAsync([.. links.Concat(texts).Select((url, i) => new Picture($"{i}.jpeg", url, "n1_1"))]);
        Assert.Equal(links.Concat(texts), page.Texts("p", "of"));
        Assert.Equal(links, page.Values("href"));
    }

    [Fact]
    public async Task A_users_name_and_password_are_left_out()
    {
        string[] urls = ["https://anna:secret@a.example/x@y.jpg", "http://anna:se@cret@a.example", "ftp://secret@a.example/?a", "https://a.example/x@y.jpg"];
        PageHtml page = await PageOfAsync([.. urls.Select((url, i) => new Picture($"{i}.jpeg", url))]);
        Assert.Equal(["https://…@a.example/x@y.jpg", "http://…@a.example", "ftp://…@a.example/?a", "https://a.example/x@y.jpg"], page.Texts("p", "of"));
        Assert.DoesNotContain("cret", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_stays_text_wherever_it_is()
    {
        string[] names =
        [
            "<img src=x onerror=alert(1)>.jpeg", "\"><script>alert(1)</script>.jpeg", "' autofocus onfocus='alert(1).jpeg", "--></style><svg onload=alert(1)>.jpeg",
            "&lt;b&gt;&#x22;.jpeg", "\u202Egpej.exe",
        ];
        string[] files = [.. names.Select(name => name[(name.LastIndexOf('/') + 1)..])];
        PageHtml page = await PageOfAsync([.. names.Select(name => new Picture(name, "", name))]);
        Assert.Equal(files, page.Texts("p", "file"));
        Assert.Equal(names, page.Texts("p", "words"));
        Assert.Equal(files, page.Values("data-name"));
        Assert.Equal(files.SelectMany(file => new[] { $"Rebuilt colours of {file}", $"Luminance of {file}" }), page.Values("alt"));
    }

    [Fact]
    public async Task Control_characters_are_shown_as_replaced()
    {
        PageHtml page = await PageOfAsync(new Picture("a\u001b[2J\u0000\u0085b.jpeg"));
        Assert.Equal(["a\uFFFD[2J\uFFFD\uFFFDb.jpeg"], page.Texts("p", "file"));
    }

    [Fact]
    public async Task Without_an_index_near_the_record_or_with_another_sets_there_is_no_url()
    {
        Assert.Empty((await PageOfAsync(new Picture("a.jpeg"))).Texts("p", "of"));
        foreach (string index in new[] { $"{Header}\n{Row(new Picture("b.jpeg", "http://a.example/b.jpg"), 0)}\n", "id,label\n1,\"a\n", "" })
        {
            File.WriteAllText(_folder["data/index.csv"], index);
            Assert.Empty((await PageOfAsync(new Picture("a.jpeg"))).Texts("p", "of"));
        }
    }

    [Fact]
    public async Task A_records_own_folder_may_have_the_index_and_the_size_of_the_original_is_shown()
    {
        File.WriteAllText(_folder["data/tfrecords/index.csv"], $"{Header}\n{Row(new Picture("a.jpeg", "http://a.example/1,2.jpg", "two words"), 0)}\n");
        PageHtml page = await PageOfAsync(new Picture("a.jpeg"));
        Assert.Equal(["http://a.example/1,2.jpg"], page.Texts("p", "of"));
        Assert.Equal(["two words"], page.Texts("p", "words"));
        Assert.StartsWith("4\u00A0×\u00A04, original 640\u00A0×\u00A0480, chroma", Assert.Single(page.Texts("p", "facts")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classes_have_their_softmax_and_pictures_what_they_are_sorted_by()
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "inspect", Golden.PathOf(Record), "--html", "page.html", "--labels", Golden.PathOf("labels/protocol2.pkl"));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"Wrote page.html with 1 picture, {new FileInfo(_folder["page.html"]).Length / 1e3:N1} kB.", run.Output, StringComparison.Ordinal);
        var page = new PageHtml(File.ReadAllText(_folder["page.html"]));
        page.AssertSafe();

        // By Python: exp(x - max) over its math.fsum.
        Assert.Equal(["0.6 %", "0.5 %", "0.5 %", "0.5 %", "0.5 %"], page.Texts("b"));
        Assert.Equal(["0.58%", "0.54%", "0.54%", "0.49%", "0.46%"], page.Values("width").Where(width => width.EndsWith('%') && width != "100%"));
        KoalaRun json = await KoalaProcess.RunAsync(_folder.Path, "inspect", Golden.PathOf(Record), "--json");
        JsonElement picture = json.Event("picture_inspected");
        JsonElement[] largest = [.. picture.GetProperty("largest").EnumerateArray()];
        double[] expected = [0.005764583505276557, 0.005372417910365068, 0.005370459795284469, 0.004909050325232183, 0.004562308668719821];
        Assert.All(expected.Zip(largest), pair => Assert.Equal(pair.First, pair.Second.GetProperty("probability").GetDouble(), precision: 12));
        Assert.Equal([picture.GetProperty("chroma").GetDouble()], page.Values("data-chroma").Select(double.Parse));
        Assert.Equal([2.3802152f], page.Values("data-logit").Select(float.Parse));
    }

    [Fact]
    public async Task Logits_that_are_no_numbers_have_no_bar()
    {
        PageHtml page = await PageOfAsync(new Picture("a.jpeg") { Logits = [float.NaN, float.PositiveInfinity, 1, 2, 3] });
        Assert.Equal(["– %", "– %", "– %", "– %", "– %"], page.Texts("b"));
        Assert.All(page.Values("width").Where(width => width != "100%" && width != "4"), width => Assert.Equal("0%", width));
    }

    [Fact]
    public async Task A_page_says_when_it_has_not_all_pictures()
    {
        string record = Golden.PathOf("records/upstream_224_lab_images_0.tfrecord");
        await KoalaProcess.RunAsync(_folder.Path, "inspect", record, "--html", "page.html", "--limit", "1");
        var page = new PageHtml(File.ReadAllText(_folder["page.html"]));
        Assert.Contains("The first 1 of 2 pictures are shown; --limit 2 shows all.", page.Texts("p"));
        Assert.Equal(2, page.Count("img"));
    }

    [Fact]
    public async Task All_text_has_contrast_enough_in_light_and_dark()
    {
        string style = (await PageOfAsync(new Picture("a.jpeg"))).Style;
        (PageColours light, PageColours dark) = PageColours.Of(style);
        IReadOnlyList<string> texts = PageColours.Used(style, "color"), grounds = PageColours.Used(style, "background|background-color");
        IReadOnlyList<string> marks = PageColours.Used(style, "outline|border-color");
        Assert.Equal(["bad", "link", "soft", "text", "warn"], texts.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("opacity", style, StringComparison.Ordinal);
        foreach (PageColours colours in new[] { light, dark })
        {
            foreach (string ground in grounds)
            {
                Assert.All(texts, text => Assert.True(colours.Contrast(text, ground) >= 4.5, $"{text} on {ground}: {colours.Contrast(text, ground)}"));
                Assert.All([.. marks, "bar", "edge"], mark => Assert.True(colours.Contrast(mark, ground) >= 3, $"{mark} on {ground}: {colours.Contrast(mark, ground)}"));
            }
        }
    }

    [Fact]
    public void All_text_of_the_clusters_page_has_contrast_enough_in_light_and_dark()
    {
        string style = File.ReadAllText(Path.Combine(Golden.Folder, "..", "..", "src", "Koala", "Control", "Page", "cluster.css"));
        (PageColours light, PageColours dark) = PageColours.Of(style);
        Assert.Equal(["bad", "soft", "text", "warn"], PageColours.Used(style.Replace("color: var(--bar)", "", StringComparison.Ordinal), "color").Order(StringComparer.Ordinal));
        Assert.DoesNotContain("opacity", style, StringComparison.Ordinal);
        foreach (PageColours colours in (PageColours[])[light, dark])
        {
            foreach (string ground in (string[])["page", "card", "inset"])
            {
                Assert.All((string[])["bad", "soft", "text", "warn"], text => Assert.True(colours.Contrast(text, ground) >= 4.5, $"{text} on {ground}: {colours.Contrast(text, ground)}"));
                Assert.All((string[])["focus", "bar", "edge"], mark => Assert.True(colours.Contrast(mark, ground) >= 3, $"{mark} on {ground}: {colours.Contrast(mark, ground)}"));
            }
        }
    }

    [Theory]
    [InlineData("nowhere/page.html", "there is no folder")]
    [InlineData("data", "data is a folder; give --html the name of a page, such as data/page.html")]
    public async Task A_page_that_cannot_be_written_is_refused_before_anything_is_read(string html, string sentence)
    {
        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "inspect", Golden.PathOf(Record), "--html", html);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(sentence, run.Errors, StringComparison.Ordinal);
    }

    private static string Row(Picture picture, int place) =>
        string.Join(',', new[] { picture.Name[(picture.Name.LastIndexOf('/') + 1)..], picture.Url!, picture.Words, "1", "kept", "", "1", "640", "480", "", "", "", "1.5", "0", $"{place}" }
            .Select(field => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));

    /// <summary>The page of a record with pictures of 4 x 4. The data set has an index when they have URLs.</summary>
    private async Task<PageHtml> PageOfAsync(params Picture[] pictures)
    {
        await using (FileStream file = File.Create(_folder["data/tfrecords/lab_images_0.tfrecord"]))
        {
            using var writer = new TFRecordWriter(file);
            foreach (Picture picture in pictures)
            {
                byte[] path = Encoding.UTF8.GetBytes("data/resized/" + picture.Name);
                byte[] example = new byte[LabExample.Size(path.Length, 4, picture.Logits.Length)];
                LabExample.Write(path, new float[16], new float[32], picture.Logits, example);
                writer.Append(example);
            }

            writer.Complete();
        }

        if (pictures[0].Url is not null)
        {
            File.WriteAllText(_folder["data/index.csv"], string.Join('\n', [Header, .. pictures.Select(Row), ""]));
        }

        KoalaRun run = await KoalaProcess.RunAsync(_folder.Path, "inspect", "data/tfrecords/lab_images_0.tfrecord", "--html", "page.html");
        Assert.True(run.ExitCode == 0, run.Errors);
        var page = new PageHtml(File.ReadAllText(_folder["page.html"]));
        page.AssertSafe();
        return page;
    }

    private sealed record Picture(string Name, string? Url = null, string Words = "")
    {
        public float[] Logits { get; init; } = [1, 2, 3, 4, 5];
    }
}
