using Koalarization.Checkpoints.Sources;

namespace Koalarization.Checkpoints.Tests.Sources;

public sealed class CheckpointCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CheckpointCache _cache;

    public CheckpointCacheTests()
    {
        _cache = new CheckpointCache(_folder.Path, TimeProvider.System);
    }

    [Fact]
    public void Whoever_publishes_first_wins()
    {
        string first = _cache.Publish(Finished("first"), "abc");
        string second = _cache.Publish(Finished("second"), "abc");
        Assert.Equal(first, second);
        Assert.Equal("first", File.ReadAllText(first));
    }

    [Fact]
    public void The_first_pin_of_a_URL_stays_until_it_is_replaced()
    {
        const string Url = "http://models.example/network.tar.gz";
        var first = new PinnedHash(Url, "aa", DateTimeOffset.UnixEpoch);
        var second = new PinnedHash(Url, "bb", DateTimeOffset.UnixEpoch);
        Assert.Null(_cache.Pins.TryFind(Url));
        Assert.Equal(first, _cache.Pins.PinFirst(first));
        Assert.Equal(first, _cache.Pins.PinFirst(second));
        _cache.Pins.Replace(second);
        Assert.Equal(second, _cache.Pins.TryFind(Url));
        Assert.Single(Directory.GetFiles(_folder["checkpoints/pins"]));
    }

    [Fact]
    public void A_pin_that_is_not_readable_is_named()
    {
        const string Url = "http://models.example/network.tar.gz";
        Directory.CreateDirectory(_folder["checkpoints/pins"]);
        File.WriteAllText(_cache.Pins.FileOf(Url), "{");
        CheckpointException error = Assert.Throws<CheckpointException>(() => _cache.Pins.TryFind(Url));
        Assert.Equal(_cache.Pins.FileOf(Url), error.File);
    }

    public void Dispose() => _folder.Dispose();

    private string Finished(string content)
    {
        string folder = _cache.CreateTemporaryFolder();
        File.WriteAllText(Path.Combine(folder, CheckpointCache.Prefix), content);
        return folder;
    }
}
