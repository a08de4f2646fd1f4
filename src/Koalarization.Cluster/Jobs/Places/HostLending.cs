using Koalarization.Harvest;

namespace Koalarization.Cluster;

/// <summary>
/// Lends one job's places at hosts to nodes. It is told what comes from nodes, and each call returns what is
/// to be sent to them. A plain object without a clock and without threads; times are of whatever clock the caller has, counted from anywhere.
/// </summary>
/// <remarks>
/// <para><see cref="Report"/> for every <see cref="FetchProtocol.HostsUsed"/> of the job, <see cref="Gone"/> when the cluster has removed a node (not when
/// it is unreachable: its requests may be on the way), after which the node is not heard again, <see cref="Tick"/> about once a second.</para>
/// <para>All nodes together have never more requests on the way to a host than it has places; after a halving nothing is lent until enough have come
/// back. A host that no node has to do with and that is as new is forgotten.</para>
/// </remarks>
/// <param name="job">The job.</param>
/// <param name="epoch">Of the coordinator: the numbers of its messages are higher than those of earlier ones.</param>
/// <param name="hostLimit">Places of a host to begin with.</param>
/// <param name="retry">How long a host is left alone.</param>
/// <param name="lendsFrom">
/// Nothing is lent before: a coordinator that takes a job over first hears from all nodes what they have, for as long as two
/// <see cref="FetchProtocol.HostsUsed.Every"/>.
/// </param>
/// <param name="capacity">Hosts remembered that no node has to do with.</param>
internal sealed class HostLending(
    JobId job, long epoch, int hostLimit, RetryOptions retry, TimeSpan lendsFrom, int capacity = 1 << 16)
{
    private readonly Dictionary<string, HostLoans> _hosts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _hostsWithTurns = new(StringComparer.Ordinal);
    private long _generation = epoch << 32;
    private bool _hasBegun;
    private TimeSpan _looksAroundAt;
    private int _forgetAbove;

    /// <summary>Hosts that are known.</summary>
    public IReadOnlyDictionary<string, HostLoans> Hosts => _hosts;

    /// <summary>A node says what it has to do with hosts.</summary>
    public IReadOnlyList<PlacesMail> Report(NodeOwner owner, IReadOnlyList<FetchProtocol.HostUse> uses, TimeSpan now)
    {
        var mail = new PlacesMailbag(job);
        foreach (FetchProtocol.HostUse use in uses)
        {
            if (!_hosts.TryGetValue(use.Host, out HostLoans? loans))
            {
                loans = new HostLoans(use.Host, HostText.IsLoopback(use.Host) ? null : hostLimit);
                _hosts.Add(use.Host, loans);
            }

            _generation = Math.Max(_generation, use.Generation);
            loans.Hear(owner, use, now, retry);
            Settle(use.Host, loans, now, mail);
        }

        return mail.Messages();
    }

    /// <summary>A node is gone for good, and its places are free.</summary>
    public IReadOnlyList<PlacesMail> Gone(NodeOwner owner, TimeSpan now)
    {
        var mail = new PlacesMailbag(job);
        foreach ((string host, HostLoans loans) in _hosts.ToArray())
        {
            if (loans.Leave(owner))
            {
                Settle(host, loans, now, mail);
            }
        }

        return mail.Messages();
    }

    /// <summary>Time passes.</summary>
    public IReadOnlyList<PlacesMail> Tick(TimeSpan now)
    {
        var mail = new PlacesMailbag(job);
        bool begins = !_hasBegun && now >= lendsFrom;
        bool looksAround = begins || now >= _looksAroundAt;
        _hasBegun |= begins;
        _looksAroundAt = looksAround ? now + FetchProtocol.HostsUsed.Every : _looksAroundAt;
        foreach (string host in looksAround ? _hosts.Keys.ToArray() : [.. _hostsWithTurns])
        {
            HostLoans loans = _hosts[host];
            if (loans.Tick(now) || begins)
            {
                Settle(host, loans, now, mail);
            }
        }

        return mail.Messages();
    }

    private void Settle(string host, HostLoans loans, TimeSpan now, PlacesMailbag mail)
    {
        foreach ((NodeOwner owner, FetchProtocol.HostPlaces places) in loans.Settle(now, now >= lendsFrom, () => ++_generation))
        {
            mail.Add(owner, places);
        }

        _ = loans.HasTurns ? _hostsWithTurns.Add(host) : _hostsWithTurns.Remove(host);
        if (loans.IsAsNew(now))
        {
            _hosts.Remove(host);
        }
        else if (_hosts.Count > Math.Max(capacity, _forgetAbove))
        {
            foreach ((string idle, _) in _hosts.Where(known => known.Value.IsIdle(now)).ToArray())
            {
                _hosts.Remove(idle);
            }

            _forgetAbove = 2 * _hosts.Count;
        }
    }
}
