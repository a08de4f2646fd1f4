using Koalarization.Cluster.Membership;

namespace Koalarization.Cluster.Specs.Membership;

public sealed class ControlBeatFilesTests : IDisposable
{
    private readonly TemporaryFolder _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Each_reads_what_the_others_wrote_last()
    {
        ControlBeatFiles a = new(_store.Path, "a:1"), b = new(_store.Path, "b:1");
        Assert.Empty(a.ReadOthers());

        a.Write(Beat("a:1", 1));
        b.Write(Beat("b:1", 1));
        b.Write(Beat("b:1", 2));
        Assert.Equal([("b:1", 2L, "w:1#5")], a.ReadOthers().Select(beat => (beat.Node, beat.Number, beat.Members.Single())));

        b.Remove();
        b.Remove();
        Assert.Empty(a.ReadOthers());
        Assert.Single(b.ReadOthers());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1")]
    [InlineData("{}")]
    public void A_file_that_cannot_be_read_is_nobodys(string text)
    {
        var files = new ControlBeatFiles(_store.Path, "a:1");
        files.Write(Beat("a:1", 1));
        File.WriteAllText(Path.Combine(_store.Path, ".koala", "control", "b-1.json"), text);

        Assert.Empty(files.ReadOthers());
    }

    private static ControlBeat Beat(string node, long number) => new(node, 7, number, ["w:1#5"], [], 1);
}
