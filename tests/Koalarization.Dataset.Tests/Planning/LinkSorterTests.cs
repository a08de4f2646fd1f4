using FsCheck.Xunit;
using Koalarization.Dataset.Planning;

namespace Koalarization.Dataset.Tests.Planning;

public sealed class LinkSorterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Property]
    public void Links_come_by_name_each_name_once_the_first_added_staying(byte[] names, byte memory)
    {
        PlannedLink[] links = [.. names.Select((name, i) => new PlannedLink($"{name:x2}.jpeg", $"http://host/{i}", i % 2 == 0 ? null : $"words {i}"))];
        using var sorter = new LinkSorter(_folder.Path, linksInMemory: memory + 1);
        foreach (PlannedLink link in links)
        {
            sorter.Add(link);
        }

        Assert.Equal(links.DistinctBy(link => link.Name).OrderBy(link => link.Name, StringComparer.Ordinal), sorter.Sorted());
    }

    [Fact]
    public void Names_of_a_folder_have_no_url_and_what_was_spilled_goes_again()
    {
        using (var sorter = new LinkSorter(_folder.Path, linksInMemory: 1))
        {
            sorter.Add(new PlannedLink("b.JPG", Url: null, Words: null));
            sorter.Add(new PlannedLink("a é.jpg", Url: null, Words: null));
            Assert.Equal(["a é.jpg", "b.JPG"], sorter.Sorted().Select(link => link.Name));
            Assert.All(sorter.Sorted(), link => Assert.Null(link.Url));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }
}
