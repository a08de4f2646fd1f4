using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Koalarization.Harvest.Links;

namespace Koalarization.Harvest.Tests.Links;

public sealed class LinkSourceTests
{
    private static readonly ListReading FirstReader = new() { Version = ListReading.FirstVersion };
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    [Fact]
    public async Task Takes_the_originals_links_from_the_tricky_list_in_order()
    {
        (string Url, string Name)[] expected = [.. Golden.Lines("links/tricky.csv").Skip(1).Select(row => row.Split(',')).Select(c => (c[0], c[1]))];

        List<Link> first = await ReadAsync(new LinkSource(Golden.PathOf("links/tricky.txt"), FirstReader));
        List<Link> links = await ReadAsync(new LinkSource(Golden.PathOf("links/tricky.txt")));

        Assert.Equal(expected, first.Select(link => (link.Url, link.Name)));
        Assert.Equal(17, first.Count);
        Assert.Equal(
            ["HTTP://EXAMPLE.ORG/upper-scheme.jpg", "http://example.org/has%20space.jpg", "http://example.org/nbsp%C2%A0inside.jpg"],
            links.Select(link => link.Url).Except(expected.Select(row => row.Url)).Order(StringComparer.Ordinal));
        Assert.Equal(expected, links.Select(link => (link.Url, link.Name)).Where(expected.Contains));
    }

    [Fact]
    public async Task Keeps_the_words_before_the_url()
    {
        List<Link> links = await ReadAsync(Text("n1 two \t http://a/1.jpg \nhttp://a/2.jpg\n  n3\thttp://a/3.jpg"));

        Assert.Equal(["n1 two", "", "n3"], links.Select(link => link.Words));
    }

    [Theory]
    [InlineData(0, null, "0 1 2 3")]
    [InlineData(1, 2L, "1 2")]
    [InlineData(3, 9L, "3")]
    [InlineData(4, null, "")]
    [InlineData(0, 0L, "")]
    public async Task Skip_and_count_are_in_links_not_in_lines(long skip, long? count, string expected)
    {
        LinkSource source = Text("# one\nhttp://a/0\n\nnothing here\nhttp://a/1\nhttp://a/2\n#\nhttp://a/3\n");

        List<Link> links = await ReadAsync(source, skip, count);

        Assert.Equal(expected, string.Join(' ', links.Select(link => link.Url[^1])));
    }

    [Fact]
    public async Task Reads_no_further_than_the_last_link_that_was_asked_for()
    {
        var stream = new BrokenStream(Utf8.GetBytes("http://a/0\nhttp://a/1\n"), new IOException("gone"));

        Assert.Equal(2, (await ReadAsync(Source(stream), 0, 2)).Count);
    }

    [Fact]
    public async Task Counts_what_the_lines_were()
    {
        byte[] list = [.. "#c\n\n \u001c \nhttp://a/1\nword\n"u8, .. "n \xFF http://a/2\n"u8[..2], 0xFF, .. " http://a/2\n"u8, .. new byte[LinkSource.MaxLineBytes + 9]];
        LinkSource source = Source(new MemoryStream(list), FirstReader);

        await ReadAsync(source);

        Assert.Equal(
            [(LinkLineKind.Link, 1), (LinkLineKind.Comment, 1), (LinkLineKind.Empty, 2), (LinkLineKind.NoUrl, 1), (LinkLineKind.NotUtf8, 1), (LinkLineKind.TooLong, 1)],
            Enum.GetValues<LinkLineKind>().Select(kind => (kind, (int)source.Counts[kind])).Where(count => count.Item2 > 0));
        Assert.Equal(3, source.Counts.Unusable);
    }

    [Fact]
    public async Task A_line_that_is_not_UTF8_takes_no_other_with_it()
    {
        byte[] list = [.. "http://a/1\nhttp://a/"u8, 0xE9, .. ".jpg\nhttp://a/3\n"u8];

        Assert.Equal(["http://a/1", "http://a/3"], (await ReadAsync(Source(new MemoryStream(list), FirstReader))).Select(link => link.Url));
        Assert.Equal(["http://a/1", "http://a/é.jpg", "http://a/3"], (await ReadAsync(Source(new MemoryStream(list)))).Select(link => link.Url));
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_the_first_line() =>
        Assert.Equal(["http://a/1"], (await ReadAsync(Text("\uFEFFhttp://a/1\n"))).Select(link => link.Url));

    [Fact]
    public async Task A_line_longer_than_the_buffer_is_dropped_and_the_next_one_read()
    {
        string list = new string('x', 3 * LinkSource.MaxLineBytes) + " http://a/1\nhttp://a/2\n" + new string('y', LinkSource.MaxLineBytes - 11) + " http://a/3";

        Assert.Equal(["http://a/2", "http://a/3"], (await ReadAsync(Text(list))).Select(link => link.Url));
    }

    [Property]
    public Property Any_mix_of_line_ends_and_reads_gives_the_same_links(NonNegativeInt[] kinds, PositiveInt chunk)
    {
        string[] ends = ["\n", "\r\n", "\r"];
        var list = new StringBuilder();
        var expected = new List<string>();
        foreach (NonNegativeInt kind in kinds)
        {
            string url = $"http://a/{expected.Count}";
            expected.Add(url);
            list.Append(kind.Get % 2 == 0 ? url : "word " + url + " ").Append(ends[kind.Get % 3]);
        }

        List<Link> links = ReadAsync(Source(new ChunkStream(Utf8.GetBytes(list.ToString()), (chunk.Get % 7) + 1))).GetAwaiter().GetResult();
        return expected.SequenceEqual(links.Select(link => link.Url)).ToProperty();
    }

    [Property]
    public void Any_bytes_are_read_to_the_end_or_refused_by_name(byte[] bytes, byte head)
    {
        byte[][] heads = [[], [0x1F, 0x8B], [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], [.. "PK\u0003\u0004"u8], new byte[600]];
        try
        {
            ReadAsync(Source(new MemoryStream([.. heads[head % heads.Length], .. bytes]))).GetAwaiter().GetResult();
        }
        catch (LinkSourceException e)
        {
            Assert.Contains("list.bin", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Reads_gzip_whatever_the_name()
    {
        Assert.Equal(["http://a/1"], (await ReadAsync(Source(new MemoryStream(Gzip("http://a/1\n"u8.ToArray()))))).Select(link => link.Url));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reads_the_text_files_of_an_archive_in_its_order(bool packed)
    {
        byte[] tar = Tar(("readme.md", "http://a/no"), ("b/two.TXT", "http://a/1\nhttp://a/2"), ("b/._two.txt", "http://a/no"), ("one.txt", "\uFEFFhttp://a/3\n"));

        List<Link> links = await ReadAsync(Source(new ChunkStream(packed ? Gzip(tar) : tar, 100)));

        Assert.Equal(["http://a/1", "http://a/2", "http://a/3"], links.Select(link => link.Url));
    }

    [Fact]
    public async Task An_archive_without_a_text_file_is_refused() =>
        Assert.Contains("no .txt", (await RefusedAsync(Tar(("a.csv", "http://a/1")))).Fault, StringComparison.Ordinal);

    [Fact]
    public async Task An_archive_cut_short_is_refused()
    {
        byte[] list = Gzip(Utf8.GetBytes(string.Concat(Enumerable.Range(0, 9_000).Select(i => $"http://a/{i * 7919}\n"))));

        Assert.Contains("cut short", (await RefusedAsync(list[..^400])).Fault, StringComparison.Ordinal);
        Assert.Contains("cut short", (await RefusedAsync(Gzip(Tar(("a.txt", new string('x', 5000)))[..2048]))).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_packings_are_named() =>
        Assert.Contains("zip", (await RefusedAsync([.. "PK\u0003\u0004"u8, 1, 2, 3])).Fault, StringComparison.Ordinal);

    [Fact]
    public async Task A_missing_file_and_a_folder_are_refused_in_one_sentence()
    {
        Assert.Equal(
            "The link list /nowhere/list.txt cannot be read: there is no such file.",
            (await Assert.ThrowsAsync<LinkSourceException>(() => ReadAsync(new LinkSource("/nowhere/list.txt")))).Message);
        Assert.Equal("it is a folder", (await Assert.ThrowsAsync<LinkSourceException>(() => ReadAsync(new LinkSource("/")))).Fault);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("http://a.example/list.txt")]
    [InlineData("/nowhere/list.txt")]
    [InlineData("/dev/null")]
    [InlineData("/")]
    public void What_is_no_file_on_a_disk_cannot_be_read_again(string source) => Assert.False(new LinkSource(source).IsRegularFile);

    [Fact]
    public void A_file_on_a_disk_can_be_read_again() => Assert.True(new LinkSource(Golden.PathOf("links/tricky.txt")).IsRegularFile);

    [Fact]
    public async Task A_list_that_breaks_off_is_refused()
    {
        var stream = new BrokenStream("http://a/0\n"u8.ToArray(), new IOException("The disk is gone."));

        Assert.Equal("The disk is gone", (await Assert.ThrowsAsync<LinkSourceException>(() => ReadAsync(Source(stream)))).Fault);
    }

    internal static async Task<List<Link>> ReadAsync(LinkSource source, long skip = 0, long? count = null)
    {
        var links = new List<Link>();
        await foreach (Link link in source.ReadAsync(skip, count))
        {
            links.Add(link);
        }

        return links;
    }

    private static LinkSource Text(string list) => Source(new MemoryStream(Utf8.GetBytes(list)));

    private static LinkSource Source(Stream stream, ListReading? reading = null) => new("list.bin", _ => ValueTask.FromResult(stream), reading);

    private static Task<LinkSourceException> RefusedAsync(byte[] list) =>
        Assert.ThrowsAsync<LinkSourceException>(() => ReadAsync(Source(new MemoryStream(list))));

    internal static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Tar(params (string Name, string Text)[] members)
    {
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach ((string name, string text) in members)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Utf8.GetBytes(text)) });
            }
        }

        return archive.ToArray();
    }
}
