using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Koalarization.Harvest.Fetching;

namespace Koalarization.Harvest.Addresses;

/// <summary>
/// Caches the answers of another resolver: a host's addresses for a while, and that a host does not exist for good. A failure that may pass is
/// not remembered. Callers for a host that is being looked up share that one look-up. Thread-safe.
/// </summary>
/// <param name="inner">Looks up.</param>
/// <param name="clock">Decides when addresses are too old.</param>
/// <param name="capacity">Hosts remembered at most; when there are more, all are forgotten, so that memory does not grow with the list.</param>
public sealed class CachingResolver(IHostResolver inner, TimeProvider clock, int capacity = 1 << 16) : IHostResolver
{
    /// <summary>How long addresses are used. The machine's resolver does not say how long they hold.</summary>
    public static readonly TimeSpan AddressLifetime = TimeSpan.FromSeconds(60);

    /// <summary>How long one look-up is waited for; a later caller starts another one.</summary>
    public static readonly TimeSpan LookupTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Answer> _answers = new(StringComparer.OrdinalIgnoreCase);

    private long _begun;
    private long _newestGood;

    /// <summary>Look-ups that were made.</summary>
    internal LookupCounts Lookups => new(Interlocked.Read(ref _begun), Interlocked.Read(ref _newestGood));

    /// <summary>Who looks up: for those who want to know how it is now.</summary>
    internal IHostResolver Inner => inner;

    /// <summary>
    /// Forgets hosts of which it was said lately that they do not exist, because a resolver that is broken may say so of any, and look-ups without an
    /// answer yet.
    /// </summary>
    /// <param name="learnedWithin">How far back that reaches.</param>
    public void ForgetMissing(TimeSpan learnedWithin)
    {
        // What was asked for before may have been answered since.
        TimeSpan reach = learnedWithin + LookupTimeout;
        foreach (KeyValuePair<string, Answer> answer in _answers)
        {
            bool hasAddresses = answer.Value.Lookup is { IsValueCreated: true, Value.IsCompletedSuccessfully: true };
            if (!hasAddresses && clock.GetElapsedTime(answer.Value.AskedAt) <= reach)
            {
                _answers.TryRemove(answer);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        // One caller's deadline does not end a look-up that others wait for.
        return await AnswerFor(host).Lookup.Value.WaitAsync(cancellationToken);
    }

    private Answer AnswerFor(string host)
    {
        while (true)
        {
            if (_answers.TryGetValue(host, out Answer? known) && Holds(known))
            {
                return known;
            }

            var fresh = new Answer(clock.GetTimestamp(), new Lazy<Task<IReadOnlyList<IPAddress>>>(() => LookUpAsync(host)));
            if (known is not null)
            {
                if (_answers.TryUpdate(host, fresh, known))
                {
                    return fresh;
                }
            }
            else if (_answers.TryAdd(host, fresh))
            {
                if (_answers.Count > capacity)
                {
                    _answers.Clear();
                }

                return fresh;
            }
        }
    }

    private bool Holds(Answer answer)
    {
        Task<IReadOnlyList<IPAddress>> lookup = answer.Lookup.Value;
        return (!lookup.IsCompleted && clock.GetElapsedTime(answer.AskedAt) < LookupTimeout)
            || (lookup.IsCompletedSuccessfully && clock.GetElapsedTime(answer.AskedAt) < AddressLifetime)
            || lookup.Exception?.InnerException is SocketException { SocketErrorCode: SocketError.HostNotFound };
    }

    private async Task<IReadOnlyList<IPAddress>> LookUpAsync(string host)
    {
        using var timeout = new CancellationTokenSource(LookupTimeout, clock);
        long number = Interlocked.Increment(ref _begun);
        IReadOnlyList<IPAddress> addresses = await inner.ResolveAsync(host, timeout.Token);
        for (long known = Interlocked.Read(ref _newestGood); addresses.Count > 0 && known < number;)
        {
            known = Interlocked.CompareExchange(ref _newestGood, number, known);
        }

        return addresses;
    }

    private sealed record Answer(long AskedAt, Lazy<Task<IReadOnlyList<IPAddress>>> Lookup);
}
