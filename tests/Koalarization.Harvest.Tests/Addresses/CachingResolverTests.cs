using System.Net;
using System.Net.Sockets;
using Koalarization.Harvest.Addresses;
using Koalarization.Harvest.Fetching;

namespace Koalarization.Harvest.Tests.Addresses;

public sealed class CachingResolverTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Scripted _inner = new();

    [Fact]
    public async Task A_host_is_looked_up_once_a_minute()
    {
        var resolver = new CachingResolver(_inner, _clock);
        _inner.Answer = _ => Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Parse("192.0.2.1")]);
        await resolver.ResolveAsync("a.example", default);
        await resolver.ResolveAsync("A.EXAMPLE", default);
        Assert.Equal(1, _inner.Lookups);

        _clock.Advance(CachingResolver.AddressLifetime);
        await resolver.ResolveAsync("a.example", default);
        Assert.Equal(2, _inner.Lookups);
    }

    [Fact]
    public async Task A_host_that_does_not_exist_is_never_asked_for_again()
    {
        var resolver = new CachingResolver(_inner, _clock);
        _inner.Answer = _ => throw new SocketException((int)SocketError.HostNotFound);
        await Assert.ThrowsAsync<SocketException>(() => resolver.ResolveAsync("gone.example", default).AsTask());
        _clock.Advance(TimeSpan.FromDays(1));
        var again = await Assert.ThrowsAsync<SocketException>(() => resolver.ResolveAsync("gone.example", default).AsTask());
        Assert.Equal(SocketError.HostNotFound, again.SocketErrorCode);
        Assert.Equal(1, _inner.Lookups);
    }

    [Theory]
    [InlineData(SocketError.TryAgain)]
    [InlineData(SocketError.NoData)]
    [InlineData(SocketError.NetworkDown)]
    public async Task A_failure_that_may_pass_is_forgotten(SocketError error)
    {
        var resolver = new CachingResolver(_inner, _clock);
        _inner.Answer = _ => throw new SocketException((int)error);
        await Assert.ThrowsAsync<SocketException>(() => resolver.ResolveAsync("a.example", default).AsTask());
        _inner.Answer = _ => Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.IPv6Loopback]);
        Assert.Equal([IPAddress.IPv6Loopback], await resolver.ResolveAsync("a.example", default));
    }

    [Fact]
    public async Task Many_who_ask_at_once_wait_for_one_look_up_and_one_who_gives_up_does_not_end_it()
    {
        var resolver = new CachingResolver(_inner, _clock);
        var answer = new TaskCompletionSource<IReadOnlyList<IPAddress>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _inner.Answer = _ => answer.Task;
        using var impatient = new CancellationTokenSource();
        Task<IReadOnlyList<IPAddress>> givesUp = resolver.ResolveAsync("a.example", impatient.Token).AsTask();
        Task<IReadOnlyList<IPAddress>>[] patient = [.. Enumerable.Range(0, 20).Select(_ => resolver.ResolveAsync("a.example", default).AsTask())];

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givesUp);
        answer.SetResult([IPAddress.Loopback]);

        Assert.All(await Task.WhenAll(patient), addresses => Assert.Equal([IPAddress.Loopback], addresses));
        Assert.Equal(1, _inner.Lookups);
    }

    [Fact]
    public async Task What_was_said_of_missing_hosts_lately_can_be_forgotten()
    {
        var resolver = new CachingResolver(_inner, _clock);
        _inner.Answer = host => host switch
        {
            "hangs.example" => new TaskCompletionSource<IReadOnlyList<IPAddress>>().Task,
            "there.example" => Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Loopback]),
            _ => throw new SocketException((int)SocketError.HostNotFound),
        };
        await Assert.ThrowsAsync<SocketException>(() => resolver.ResolveAsync("long-gone.example", default).AsTask());
        _clock.Advance(TimeSpan.FromMinutes(10));
        await resolver.ResolveAsync("there.example", default);
        await Assert.ThrowsAsync<SocketException>(() => resolver.ResolveAsync("gone.example", default).AsTask());
        _ = resolver.ResolveAsync("hangs.example", default).AsTask();
        Assert.Equal(4, _inner.Lookups);

        resolver.ForgetMissing(TimeSpan.FromMinutes(1));
        _inner.Answer = _ => Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.IPv6Loopback]);

        Assert.Equal([IPAddress.IPv6Loopback], await resolver.ResolveAsync("gone.example", default));
        Assert.Equal([IPAddress.IPv6Loopback], await resolver.ResolveAsync("hangs.example", default));
        Assert.Equal([IPAddress.Loopback], await resolver.ResolveAsync("there.example", default));
        await Assert.ThrowsAsync<SocketException>(() => resolver.ResolveAsync("long-gone.example", default).AsTask());
    }

    [Fact]
    public async Task Look_ups_are_counted_and_the_latest_that_found_something_is_known()
    {
        var resolver = new CachingResolver(_inner, _clock);
        var slow = new TaskCompletionSource<IReadOnlyList<IPAddress>>();
        _inner.Answer = host => host switch
        {
            "slow.example" => slow.Task,
            "empty.example" => Task.FromResult<IReadOnlyList<IPAddress>>([]),
            "there.example" => Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Loopback]),
            _ => throw new SocketException((int)SocketError.HostNotFound),
        };
        await Assert.ThrowsAsync<SocketException>(() => resolver.ResolveAsync("gone.example", default).AsTask());
        Assert.Equal(new LookupCounts(1, 0), resolver.Lookups);
        Task<IReadOnlyList<IPAddress>> waits = resolver.ResolveAsync("slow.example", default).AsTask();
        await resolver.ResolveAsync("there.example", default);
        await resolver.ResolveAsync("there.example", default);
        await resolver.ResolveAsync("empty.example", default);
        Assert.Equal(new LookupCounts(4, 3), resolver.Lookups);

        slow.SetResult([IPAddress.Loopback]);
        await waits;
        Assert.Equal(new LookupCounts(4, 3), resolver.Lookups);
    }

    [Fact]
    public async Task A_look_up_that_hangs_is_not_waited_for_for_ever()
    {
        var resolver = new CachingResolver(_inner, _clock);
        _inner.Answer = _ => new TaskCompletionSource<IReadOnlyList<IPAddress>>().Task;
        _ = resolver.ResolveAsync("a.example", default).AsTask();
        _clock.Advance(CachingResolver.LookupTimeout);
        _inner.Answer = _ => Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Loopback]);

        Assert.Equal([IPAddress.Loopback], await resolver.ResolveAsync("a.example", default));
    }

    [Fact]
    public async Task What_is_remembered_does_not_grow_with_the_list()
    {
        var resolver = new CachingResolver(_inner, _clock, capacity: 10);
        _inner.Answer = _ => Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Loopback]);
        for (int i = 0; i < 11; i++)
        {
            await resolver.ResolveAsync($"h{i}.example", default);
        }

        await resolver.ResolveAsync("h0.example", default);
        Assert.Equal(12, _inner.Lookups);
    }

    private sealed class Scripted : IHostResolver
    {
        public Func<string, Task<IReadOnlyList<IPAddress>>> Answer { get; set; } = _ => throw new InvalidOperationException();

        public int Lookups { get; private set; }

        public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
        {
            Lookups++;
            return await Answer(host);
        }
    }
}
