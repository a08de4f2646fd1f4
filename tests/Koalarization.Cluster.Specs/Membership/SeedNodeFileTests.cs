using Koalarization.Cluster.Membership;

namespace Koalarization.Cluster.Specs.Membership;

public sealed class SeedNodeFileTests : IDisposable
{
    private readonly TemporaryFolder _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void What_was_written_last_is_read_and_nothing_else_stays()
    {
        var book = new SeedNodeFile(_store.Path, "a:8650");
        book.Write(["a:8650", "b:8650"]);
        new SeedNodeFile(_store.Path, "b:8650").Write(["c:1", "b:8650"]);

        Assert.Equal(["b:8650", "c:1"], book.Read());
        Assert.Equal([Path.Combine(_store.Path, ".koala", "members.json")], Directory.GetFileSystemEntries(Path.Combine(_store.Path, ".koala")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1")]
    [InlineData("{}")]
    public void A_file_that_cannot_be_read_knows_nobody(string text)
    {
        var book = new SeedNodeFile(_store.Path, "a:8650");
        Assert.Empty(book.Read());

        Directory.CreateDirectory(Path.Combine(_store.Path, ".koala"));
        File.WriteAllText(book.FilePath, text);
        Assert.Empty(book.Read());
    }
}
