using System.Globalization;
using System.Text;
using Koalarization.Harvest.Links;
using Parquet;
using Parquet.Schema;

namespace Koalarization.Harvest.Tests.Links;

/// <summary>Lists as people have them. Each member gives the links of its plain form, or is counted with its line and reason.</summary>
public sealed class ListFormatTests
{
    private static readonly string[] ThreeLinks = ["http://a/0.jpg", "http://a/1.jpg", "http://a/2.jpg"];


    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    [InlineData("utf-32BE")]
    public async Task Reads_the_unicode_encodings_with_and_without_a_mark(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] text = encoding.GetBytes("n1 é http://a/0.jpg\r\nhttp://a/1.jpg\r\nhttp://a/2.jpg");

        LinkSource marked = Of([.. encoding.GetPreamble(), .. text]), bare = Of(text);

        Assert.Equal(ThreeLinks, await UrlsAsync(marked));
        Assert.Equal(ThreeLinks, await UrlsAsync(bare));
        Assert.Equal(encoding.WebName.ToUpperInvariant(), marked.Description.Encoding.ToUpperInvariant());
        Assert.Equal("n1 é", (await LinkSourceTests.ReadAsync(Of(text)))[0].Words);
    }

    [Fact]
    public async Task A_line_that_is_not_UTF8_is_taken_for_Windows_1252_and_counted()
    {
        LinkSource list = Of([.. "caf"u8, 0xE9, .. " http://a/0.jpg\nhttp://a/1.jpg\nhttp://a/2.jpg"u8]);

        List<Link> links = await LinkSourceTests.ReadAsync(list);

        Assert.Equal(ThreeLinks, links.Select(link => link.Url));
        Assert.Equal("café", links[0].Words);
        Assert.Equal(1, list.Counts.Recoded);
    }

    [Theory]
    [InlineData("HTTP://a/0.jpg", "HTTP://a/0.jpg")]
    [InlineData("Https://a/0.jpg", "Https://a/0.jpg")]
    [InlineData("<http://a/0.jpg>", "http://a/0.jpg")]
    [InlineData("<URL:http://a/0.jpg>", "http://a/0.jpg")]
    [InlineData("\"http://a/0.jpg\"", "http://a/0.jpg")]
    [InlineData("'http://a/0.jpg'", "http://a/0.jpg")]
    [InlineData("`http://a/0.jpg`", "http://a/0.jpg")]
    [InlineData("“http://a/0.jpg”", "http://a/0.jpg")]
    [InlineData("(http://a/0.jpg)", "http://a/0.jpg")]
    [InlineData("http://a/Foo_(bar)", "http://a/Foo_(bar)")]
    [InlineData("http://a/0.jpg,", "http://a/0.jpg")]
    [InlineData("http://a/0.jpg;", "http://a/0.jpg")]
    [InlineData("\"http://a/0.jpg\",", "http://a/0.jpg")]
    [InlineData("http://a/my photo 0.jpg", "http://a/my%20photo%200.jpg")]
    [InlineData("\"http://a/my photo 0.jpg\"", "http://a/my%20photo%200.jpg")]
    [InlineData("http://a/my albums/0?b c=1", "http://a/my%20albums/0?b%20c=1")]
    [InlineData("\u200Bhttp://a/0.jpg\u200B", "http://a/0.jpg")]
    [InlineData("\uFEFFhttp://a/0.jpg", "http://a/0.jpg")]
    [InlineData("http://a/x,y;z.jpg", "http://a/x,y;z.jpg")]
    [InlineData("httpx://a/0.jpg", "httpx://a/0.jpg")]
    [InlineData("https:\\/\\/a\\/0.jpg", "https://a/0.jpg")]
    [InlineData("http://web.archive.org/web/2010/http://a/0.jpg", "http://web.archive.org/web/2010/http://a/0.jpg")]
    [InlineData("http://a/go?x=1,http://b/0.jpg", "http://a/go?x=1,http://b/0.jpg")]
    [InlineData("![cat](http://a/0.jpg)", "http://a/0.jpg")]
    public async Task Takes_a_URL_as_people_write_it(string line, string url) => Assert.Equal([url], await UrlsAsync(Text(line)));

    [Theory]
    [InlineData("http://a/0.jpg A photo of a cat", "A photo of a cat")]
    [InlineData("http://a/ok?0 A photo of a cat", "A photo of a cat")]
    [InlineData("http://a/ok?0\tA photo of a cat", "A photo of a cat")]
    [InlineData("http://a/0.jpg 3:1 1193:0.9", "3:1 1193:0.9")]
    [InlineData("n1 <http://a/ok?0> cat", "n1 cat")]
    [InlineData("cat=http://a/ok?0", "cat")]
    [InlineData("n1\ttwo\thttp://a/ok?0", "n1\ttwo")]
    public async Task Words_may_stand_behind_a_URL(string line, string words)
    {
        Link link = Assert.Single(await LinkSourceTests.ReadAsync(Text(line + "\n")));

        Assert.True(link.Url is "http://a/0.jpg" or "http://a/ok?0", link.Url);
        Assert.Equal(words, link.Words);
    }

    [Theory]
    [InlineData("www.example.org/a.jpg", LinkLineKind.NoScheme)]
    [InlineData("//example.org/a.jpg", LinkLineKind.NoScheme)]
    [InlineData("127.0.0.1:18997/ok?0", LinkLineKind.NoScheme)]
    [InlineData("n1 example.org/a.jpg", LinkLineKind.NoScheme)]
    [InlineData("ftp://example.org/a.jpg", LinkLineKind.OtherScheme)]
    [InlineData("data:image/png;base64,AAAA", LinkLineKind.OtherScheme)]
    [InlineData("just words", LinkLineKind.NoUrl)]
    public async Task What_is_no_link_is_counted_with_its_line_and_reason(string line, LinkLineKind kind)
    {
        LinkSource list = Text($"http://a/0.jpg\n{line}\nhttp://a/1.jpg\n");

        Assert.Equal(ThreeLinks[..2], await UrlsAsync(list));
        Assert.Equal(new UnusableLine(2, kind, line), Assert.Single(list.Counts.Examples));
        Assert.Equal(1, list.Counts.UnusableByKind[kind]);
        Assert.Contains($"(line 2: {line})", list.Counts.UnusableSentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("url,caption\nhttp://a/0.jpg,cat\nhttp://a/1.jpg,dog\nhttp://a/2.jpg,\n")]
    [InlineData("\"caption\",\"URL\"\n\"a, b\",\"http://a/0.jpg\"\n\"say \"\"hi\"\"\",\"http://a/1.jpg\"\n\"two\nlines\",\"http://a/2.jpg\"\n")]
    [InlineData("id;Image URL;x\n1;http://a/0.jpg;y\n2;http://a/1.jpg;y\n3;http://a/2.jpg;y\n")]
    [InlineData("sep=;\nid;link\n1;http://a/0.jpg\n2;http://a/1.jpg\n3;http://a/2.jpg\n")]
    [InlineData("id|image_url\n1|http://a/0.jpg\n2|http://a/1.jpg\n3|http://a/2.jpg\n")]
    [InlineData("http://a/0.jpg\tA photo of a cat\nhttp://a/1.jpg\t\"the best\" day\nhttp://a/2.jpg\t\"unclosed\n")]
    [InlineData("caption\turl\ncat\thttp://a/0.jpg\ndog\thttp://a/1.jpg\n\"the best\thttp://a/2.jpg\n")]
    [InlineData("http://a/0.jpg,cat\nhttp://a/1.jpg,dog\nhttp://a/2.jpg,bird\n")]
    [InlineData("cat,http://a/0.jpg\ndog,http://a/1.jpg\nbird,http://a/2.jpg\n")]
    [InlineData("name,where,n\ncat,http://a/0.jpg,1\ndog,http://a/1.jpg,2\nbird,http://a/2.jpg,3\n")]
    [InlineData("photo_id\tphoto_url\tphoto_image_url\n1\thttps://p/1\thttp://a/0.jpg\n2\thttps://p/2\thttp://a/1.jpg\n3\thttps://p/3\thttp://a/2.jpg\n")]
    [InlineData("#url\tcaption\nhttp://a/0.jpg\tx\n# a comment\n\nhttp://a/1.jpg\tx\nhttp://a/2.jpg\tx\n")]
    [InlineData("c1,c2,c3,c4\n1,a \"1,http://a/0.jpg,b\n2,b,http://a/1.jpg,c\n3,\"\"d\"\",http://a/2.jpg,\"e\n")]
    [InlineData("[{\"url\": \"http://a/0.jpg\"}, {\"url\": \"http://a/1.jpg\"}, {\"url\": \"http://a/2.jpg\"},]")]
    [InlineData("http://a/0.jpg,http://a/1.jpg,http://a/2.jpg\n")]
    [InlineData("http://a/0.jpg; http://a/1.jpg\n\"http://a/2.jpg\"\n")]
    [InlineData("['http://a/0.jpg', 'http://a/1.jpg', 'http://a/2.jpg']\n")]
    [InlineData("url\nhttp://a/0.jpg\nhttp://a/1.jpg\nhttp://a/2.jpg\n")]
    [InlineData("[\"http://a/0.jpg\", \"http://a/1.jpg\",\n \"http://a/2.jpg\"]")]
    [InlineData("[{\"caption\": \"x\", \"url\": \"http://a/0.jpg\"}, {\"url\": \"http://a/1.jpg\"},\n{\"url\":\"http:\\/\\/a\\/2.jpg\"}]")]
    [InlineData("[\n  [\"x\", \"http://a/0.jpg\"],\n  [\"y\", \"http://a/1.jpg\"],\n  [\"z\", \"http://a/2.jpg\"]\n]\n")]
    [InlineData("{\"url\": \"http://a/0.jpg\"}\n{\"url\": \"http://a/1.jpg\", \"n\": {\"x\": [1, 2]}}\n\n{\"url\": \"http://a/2.jpg\"}")]
    [InlineData("\"http://a/0.jpg\"\n\"http://a/1.jpg\"\n\"http://a/2.jpg\"\n")]
    [InlineData("{\n  \"url\": \"http://a/0.jpg\"\n}\n{\n  \"url\": \"http://a/1.jpg\"\n}\n{ \"url\": \"http://a/2.jpg\" }\n")]
    [InlineData("{\"info\": {\"url\": 1}, \"licenses\": [{\"url\": \"http://l/\"}], \"images\": [{\"id\": 1, \"coco_url\": \"http://a/0.jpg\"}, {\"coco_url\": \"http://a/1.jpg\"}, {\"coco_url\": \"http://a/2.jpg\"}], \"annotations\": [1]}")]
    [InlineData("{\"image_urls\": [\"http://a/0.jpg\", \"http://a/1.jpg\", \"http://a/2.jpg\"], \"captions\": [\"x\", \"y\", \"z\"]}")]
    [InlineData("{\"id\": 1, \"images\": [\"http://a/0.jpg\", \"http://a/1.jpg\"]}\n{\"id\": 2, \"images\": [\"http://a/2.jpg\"]}\n")]
    [InlineData("{\"image\": {\"url\": \"http://a/0.jpg\"}}\n{\"image\": {\"url\": \"http://a/1.jpg\"}}\n{\"image\": {\"url\": \"http://a/2.jpg\"}}\n")]
    public async Task Finds_the_format_and_the_column_by_content(string list) => Assert.Equal(ThreeLinks, await UrlsAsync(Text(list)));

    [Theory]
    [InlineData("http://a/1,2.jpg\nhttp://a/3,4.jpg\n", 2)]
    [InlineData("http://a/x;jsessionid=1\nhttp://a/y;jsessionid=2\nhttp://a/z;jsessionid=3\n", 3)]
    [InlineData("http://a/Foo,_Bar.jpg\nhttp://a/Baz,_Qux.jpg\nhttp://a/b,c/d.jpg\n", 3)]
    [InlineData("https://img1.baidu.com/it/u=1798831392,1750834138&fm=15&fmt=auto&gp=0.jpg\n", 1)]
    [InlineData("https://a/w_303,h_170,al_c,q_90,blur_2/Nazar%C3%A9_big_wave.jpg\nhttps://a/w_1,h_2,al_c,q_90,blur_2/x.jpg\n", 2)]
    [InlineData("https://a/x.jpg?crop=2669,1999,x0,y0&amp;width=80&amp;height=60\n", 1)]
    [InlineData("http://a/x.jpg?crop=2669,1999\nhttp://a/y.jpg?crop=2669,1999\nhttp://a/z.jpg?crop=2669,1999\n", 3)]
    [InlineData("https://a/x.jpg?x-oss-process=image/resize,w_600\nhttps://a/y.jpg?x-oss-process=image/resize,w_600\nhttps://a/z.jpg?x-oss-process=image/resize,w_600\n", 3)]
    [InlineData("n1, two http://a/0.jpg\nn2, three http://a/1.jpg\n", 2)]
    [InlineData("my links, from all over\nhttp://a/0.jpg\nhttp://a/1.jpg\n", 2)]
    public async Task Commas_and_semicolons_of_a_plain_list_separate_nothing(string text, int links)
    {
        LinkSource list = Text(text);

        List<string> urls = await UrlsAsync(list);

        Assert.Equal(ListFormat.Text, list.Description.Format);
        Assert.Equal(links, urls.Count);
        Assert.All(urls, url => Assert.Contains(url, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_columns_are_kept_as_words_and_by_their_names()
    {
        List<Link> links = await LinkSourceTests.ReadAsync(Text("id,url,caption\n7,http://a/0.jpg,\"two\nlines\"\n8,http://a/1.jpg,\n"));

        Assert.Equal(["7\ttwo lines", "8"], links.Select(link => link.Words));
        Assert.Equal("two\nlines", links[0].Columns!["caption"]);
        Assert.Equal(["id"], links[1].Columns!.Keys);
    }

    [Fact]
    public async Task A_column_can_be_named_and_a_wrong_name_is_refused_with_the_names_that_there_are()
    {
        const string Csv = "thumb_url,full\nhttp://a/t0.jpg,http://a/0.jpg\nhttp://a/t1.jpg,http://a/1.jpg\n";

        Assert.Equal(["http://a/t0.jpg", "http://a/t1.jpg"], await UrlsAsync(Text(Csv)));
        Assert.Equal(ThreeLinks[..2], await UrlsAsync(Text(Csv, new ListReading { UrlColumn = "FULL" })));
        Assert.Equal(ThreeLinks[..2], await UrlsAsync(Text(Csv, new ListReading { UrlColumn = "2" })));
        Assert.Equal(
            "it has no column image; its columns are thumb_url, full",
            (await Assert.ThrowsAsync<LinkSourceException>(() => UrlsAsync(Text(Csv, new ListReading { UrlColumn = "image" })))).Fault);
    }

    [Fact]
    public async Task A_broken_JSON_line_costs_itself_alone()
    {
        LinkSource list = Text("{\"url\": \"http://a/0.jpg\"}\n{\"url\": \"http://a/x\n{\"url\": \"http://a/1.jpg\"\n{\"url\": \"http://a/2.jpg\"}\n{\"caption\": 1}\nnull\n");

        Assert.Equal(["http://a/0.jpg", "http://a/2.jpg"], await UrlsAsync(list));
        Assert.Equal(
            [(2L, LinkLineKind.Malformed), (3L, LinkLineKind.Malformed), (5L, LinkLineKind.NoUrl), (6L, LinkLineKind.NoUrl)],
            list.Counts.Examples.Select(line => (line.Line, line.Reason)));
    }

    [Fact]
    public async Task A_JSON_object_of_any_size_may_hold_the_rows()
    {
        var text = new StringBuilder("{\"annotations\": [");
        text.AppendJoin(',', Enumerable.Range(0, 200_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{{\"id\": {i}}}")));
        text.Append("], \"images\": [").AppendJoin(',', ThreeLinks.Select(url => $"{{\"flickr_url\": \"{url}\"}}")).Append("]}");

        Assert.Equal(ThreeLinks, await UrlsAsync(Text(text.ToString())));
    }

    [Theory]
    [InlineData("arrow_snappy")]
    [InlineData("arrow_zstd_v2")]
    [InlineData("arrow_plain_gzip")]
    [InlineData("arrow_lz4")]
    public async Task Reads_what_Arrow_writes(string file)
    {
        var list = new LinkSource(Golden.PathOf($"lists/{file}.parquet"));

        List<Link> links = await LinkSourceTests.ReadAsync(list);

        Assert.Equal(Enumerable.Range(0, 30).Where(i => i != 7).Select(i => $"http://a.example/{i}.jpg"), links.Select(link => link.Url));
        Assert.Equal(8, Assert.Single(list.Counts.Examples).Line);
        Assert.Equal("caption \"1\", é\nline", links[1].Columns!["TEXT"]);
        Assert.Equal("0.25", links[1].Columns!["similarity"]);
        Assert.Equal(file == "arrow_zstd_v2" ? null : "false", links[1].Columns!.GetValueOrDefault("nsfw"));
        Assert.Equal(file == "arrow_zstd_v2" ? ["image", "nsfw", "tags"] : ["image", "tags"], list.Description.LeftOutColumns);
        Assert.Equal("URL", list.Description.UrlColumn);
    }

    [Theory]
    [InlineData("arrow_delta")]
    [InlineData("arrow_deltalength")]
    public async Task Reads_the_delta_encodings_of_Parquet(string file)
    {
        List<Link> links = await LinkSourceTests.ReadAsync(new LinkSource(Golden.PathOf($"lists/{file}.parquet")));

        Assert.Equal(Enumerable.Range(0, 30).Select(i => Link.Of($"http://a.example/{i}.jpg")), links);
    }

    [Fact]
    public async Task A_damaged_Parquet_file_is_refused_in_one_sentence()
    {
        byte[] whole = await File.ReadAllBytesAsync(Golden.PathOf("lists/arrow_snappy.parquet"));
        byte[] flipped = [.. whole];
        flipped[whole.Length / 2] ^= 0x20;

        foreach (byte[] damaged in (byte[][])[whole[..^100], await File.ReadAllBytesAsync(Golden.PathOf("lists/not_parquet.parquet")), [.. "PAR1"u8]])
        {
            Assert.Equal("the Parquet file is damaged or cut short", (await Assert.ThrowsAsync<LinkSourceException>(() => UrlsAsync(Of(damaged)))).Fault);
        }
    }

    [Fact]
    public async Task Parquet_is_read_from_a_stream_that_cannot_be_read_again()
    {
        byte[] file = await File.ReadAllBytesAsync(Golden.PathOf("lists/arrow_delta.parquet"));

        Assert.Equal(30, (await UrlsAsync(Of(LinkSourceTests.Gzip(file)))).Count);
        Assert.Equal(30, (await UrlsAsync(new LinkSource("list.bin", _ => ValueTask.FromResult<Stream>(new ChunkStream(file, 100))))).Count);
    }

    [Fact]
    public async Task The_same_links_are_the_same_in_every_format()
    {
        string[] urls = [.. ThreeLinks, "http://a/ü ä.jpg"];
        string lines = string.Join('\n', urls);
        byte[][] lists =
        [
            Encoding.UTF8.GetBytes(lines),
            [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(lines.Replace("\n", "\r\n", StringComparison.Ordinal))],
            Encoding.UTF8.GetBytes("url\n" + lines),
            Encoding.UTF8.GetBytes("\"url\"\n" + string.Join('\n', urls.Select(url => $"\"{url}\""))),
            Encoding.UTF8.GetBytes("url\t\n" + string.Join('\n', urls.Select(url => url + "\t"))),
            Encoding.UTF8.GetBytes(string.Join('\n', urls.Select(url => $"{{\"url\": \"{url}\"}}"))),
            Encoding.UTF8.GetBytes($"[{string.Join(',', urls.Select(url => $"\"{url}\""))}]"),
            await ParquetAsync(urls),
        ];
        foreach (byte[] list in lists)
        {
            Assert.Equal([.. ThreeLinks.Select(url => Link.Of(url)), Link.Of("http://a/ü%20ä.jpg")], await LinkSourceTests.ReadAsync(Of(list)));
        }
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html><head><title>Sign in</title>", "web page")]
    [InlineData("\n<html>\n<a href=\"http://a/0.jpg\">", "web page")]
    [InlineData("<?xml version=\"1.0\"?><urlset>", "XML")]
    [InlineData("\u0004\"M\u0018dddd", "lz4")]
    [InlineData("%PDF-1.4", "PDF")]
    [InlineData("\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008", "binary")]
    public async Task What_is_no_list_is_named(string content, string what) =>
        Assert.Contains(what, (await Assert.ThrowsAsync<LinkSourceException>(() => UrlsAsync(Of(Encoding.Latin1.GetBytes(content))))).Fault, StringComparison.Ordinal);

    [Fact]
    public async Task Layers_of_packing_are_undone()
    {
        byte[] list = Encoding.UTF8.GetBytes(string.Join('\n', ThreeLinks));
        using var zstd = new ZstdSharp.Compressor();

        Assert.Equal(ThreeLinks, await UrlsAsync(Of(LinkSourceTests.Gzip(LinkSourceTests.Gzip(list)))));
        Assert.Equal(ThreeLinks, await UrlsAsync(Of(zstd.Wrap(list).ToArray())));
        Assert.Equal(ThreeLinks, await UrlsAsync(Of(LinkSourceTests.Gzip(zstd.Wrap(list).ToArray()))));
        Assert.Contains("cut short", (await Assert.ThrowsAsync<LinkSourceException>(() => UrlsAsync(Of(zstd.Wrap(list).ToArray()[..^5])))).Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("www.example.org/a.jpg\n", "its first line is 'www.example.org/a.jpg'")]
    [InlineData("URL,cat\nwww.example.org/a.jpg,x\n", "CSV with commas, column URL of URL, cat")]
    [InlineData("{\"name\": \"x\"}\n", "JSON lines")]
    [InlineData("{\"error\": \"Unauthorized\"}", "JSON")]
    public async Task A_list_without_a_link_says_what_it_is_and_what_was_looked_for(string text, string part)
    {
        LinkSource list = Text(text);

        Assert.Empty(await UrlsAsync(list));
        Assert.StartsWith("list.bin has no link in it: ", list.NoLinkSentence, StringComparison.Ordinal);
        Assert.Contains(part, list.NoLinkSentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_survey_counts_hosts_and_links_that_repeat()
    {
        ListSurvey survey = await ListSurvey.OfAsync(Text("http://a/0\nhttp://A:80/1\nhttp://b/0\nhttp://a/0\nhttp://[/\nx\n"), CancellationToken.None);

        Assert.Equal((5, 1, 1), (survey.Links, survey.Duplicates, survey.BadUrls));
        Assert.Equal([new("a", 3), new("b", 1)], survey.Hosts(10));
        Assert.Equal("http://a/0", survey.First[0]);
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

    private static async Task<List<string>> UrlsAsync(LinkSource list) => [.. (await LinkSourceTests.ReadAsync(list)).Select(link => link.Url)];



    private static LinkSource Text(string list, ListReading? reading = null) => Of(Encoding.UTF8.GetBytes(list), reading);

    private static LinkSource Of(byte[] list, ListReading? reading = null) => new("list.bin", _ => ValueTask.FromResult<Stream>(new MemoryStream(list)), reading);
}
