namespace Koalarization.Cluster.Specs;

public sealed class LentJobPlacesTests
{
    [Theory]
    [InlineData(0, 200, 3)]
    [InlineData(1, 200, 3)]
    [InlineData(32, 31, 14)]
    public void What_is_said_of_hosts_goes_into_messages_within_both_bounds_and_nothing_is_left_out(int refusalsOfAHost, int hostsOfAMessage, int messages)
    {
        FetchProtocol.HostUse[] uses = [.. Enumerable.Range(0, 412).Select(i => Use(i, refusalsOfAHost))];
        IReadOnlyList<FetchProtocol.HostUse>[] parts = [.. LentJobPlaces.Parts(uses)];
        Assert.Equal(uses, parts.SelectMany(part => part));
        Assert.Equal((hostsOfAMessage, messages), (parts[0].Count, parts.Length));
        Assert.All(parts, part => Assert.True(part.Count <= FetchProtocol.HostsUsed.Most));
        Assert.All(parts, part => Assert.True(part.Sum(use => use.Refusals.Count) <= FetchProtocol.HostsUsed.MostRefusals));
    }

    private static FetchProtocol.HostUse Use(int host, int refusals) => new(
        $"host{host}:80", Wanted: 1, Held: 0, Generation: 0, GoodAnswers: 0,
        [.. Enumerable.Repeat(new FetchProtocol.HostRefusal("too_many_requests", "429", TimeSpan.FromSeconds(7), Era: 1), refusals)]);
}
