using Koalarization.Dataset.Planning;
using Koalarization.Dataset.State;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Pipeline.Tests.Jobs;

public sealed class JobSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // printf 'n1 two\thttp://a/1.jpg\n\thttp://a/2.jpg\n' | sha256sum, and the second line alone.
    [Theory]
    [InlineData(0, null, 2, "a2f8e40bed946b0557ff28c2ef885a4fb6bde9e4ee286c6a25cdb20206e7cbd5")]
    [InlineData(1, null, 1, "5a825ccb2c3436ec5e262729f1d75e5439b5a05d787860bda452cac74a4ffe6f")]
    [InlineData(1, 1L, 1, "5a825ccb2c3436ec5e262729f1d75e5439b5a05d787860bda452cac74a4ffe6f")]
    public async Task A_list_is_counted_and_hashed_by_the_words_and_urls_that_are_taken(long skip, long? count, int links, string sha256)
    {
        File.WriteAllText(_folder["list.txt"], "# birds\nn1 two  http://a/1.jpg\nnothing here\n\nhttp://a/2.jpg\n");
        using var sorter = new LinkSorter(_folder.Path);
        int read = 0;

        JobLinks found = await new JobSource(_folder["list.txt"], skip, count).ReadAsync(sorter, _folder.Path, () => read++, CancellationToken.None);

        Assert.Equal((links, sha256, links), (found.Links, found.Sha256, read));
        PlannedLink[] planned = [.. sorter.Sorted()];
        Assert.Equal(links, planned.Length);
        Assert.Null(planned.Single(link => link.Url == "http://a/2.jpg").Words);
        Assert.Equal(skip == 0 ? ["n1 two"] : [], planned.Where(link => link.Url == "http://a/1.jpg").Select(link => link.Words!));
    }

    [Fact]
    public async Task Lines_without_a_link_are_counted_but_not_comments()
    {
        File.WriteAllText(_folder["list.txt"], "# birds\nnothing here\n\nhttp://a/2.jpg\n");

        JobLinks found = await new JobSource(_folder["list.txt"], 0, null).ReadAsync(sorter: null, _folder.Path, () => { }, CancellationToken.None);

        Assert.Equal((1, 1), (found.Links, found.List!.Counts.Unusable));
        Assert.Equal("1 line of the list holds no link: 1 without a URL (line 2: nothing here).", found.Note);
    }

    [Theory]
    [InlineData(0, null, "a.jpg b.jpeg c.JPG d.jpg")]
    [InlineData(1, null, "b.jpeg c.JPG d.jpg")]
    [InlineData(0, 2L, "a.jpg b.jpeg")]
    [InlineData(1, 2L, "b.jpeg c.JPG")]
    [InlineData(5_000_000_000, null, "")]
    [InlineData(3, 5_000_000_000, "d.jpg")]
    public async Task A_share_of_a_folder_is_one_by_name(long skip, long? count, string names)
    {
        foreach (string name in new[] { "d.jpg", "b.jpeg", "c.JPG", "a.jpg", "notes.txt" })
        {
            File.WriteAllText(_folder[name], "");
        }

        using var spool = new TemporaryFolder();
        using var sorter = new LinkSorter(spool.Path);
        JobLinks found = await new JobSource(_folder.Path + "/", skip, count).ReadAsync(sorter, spool.Path, () => { }, CancellationToken.None);

        Assert.Equal(names, string.Join(' ', sorter.Sorted().Select(link => link.Name)));
        Assert.Equal((names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, ""), (found.Links, found.Sha256));
    }

    [Fact]
    public async Task Reading_a_folder_stops_when_it_is_cancelled()
    {
        File.WriteAllText(_folder["a.jpg"], "");
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            new JobSource(_folder.Path, 0, null).ReadAsync(sorter: null, _folder.Path, () => { }, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_source_is_a_folder_by_its_full_path_or_a_list_as_written()
    {
        var folder = new JobSource(_folder.Path + "/", 0, null);
        Assert.Equal((true, _folder.Path), (folder.IsFolder, folder.Source));
        var list = new JobSource("lists/../birds.txt", 0, null);
        Assert.Equal((false, "lists/../birds.txt"), (list.IsFolder, list.Source));
    }

    [Fact]
    public void Only_a_url_and_a_file_on_a_disk_have_a_stamp()
    {
        File.WriteAllText(_folder["list.txt"], "http://a/1.jpg\n");
        Assert.Equal(SourceStamp.OfFile(_folder["list.txt"]), new JobSource(_folder["list.txt"], 0, null).Stamp);
        Assert.Equal(15, new JobSource(_folder["list.txt"], 0, null).Stamp!.Bytes);
        Assert.Equal(new SourceStamp("https://a.example/list.txt", 0, 0), new JobSource("https://a.example/list.txt", 0, null).Stamp);
        Assert.All([_folder.Path, "-", "/dev/null"], source => Assert.Null(new JobSource(source, 0, null).Stamp));
    }

    [Fact]
    public void Only_a_file_can_be_missing()
    {
        Assert.All([_folder.Path, "-", "http://a.example/list.txt"], source => new JobSource(source, 0, null).EnsureExists());
        Assert.Throws<JobRefusedException>(new JobSource(_folder["no-such-list.txt"], 0, null).EnsureExists);
    }

    [Fact]
    public void A_source_is_read_again_as_its_data_set_began()
    {
        var begun = new JobParameters
        {
            Source = "birds.txt",
            IsFolder = false,
            Skip = 3,
            Count = 4,
            Links = 4,
            LinksSha256 = "",
            Width = 299,
            Height = 299,
            CodecFingerprint = "",
            FansOut = false,
            ImageNamePrefix = "",
        };

        JobSource first = new JobSource("birds.txt").AsBegun(begun), newest = new JobSource("birds.txt").AsBegun(begun with { ListReader = 2 });

        Assert.Equal(("birds.txt", 3, 4), (first.Source, first.Skip, first.Count));
        Assert.Equal((1, 2), (first.ReaderVersion, newest.ReaderVersion));
    }
}
