using Koalarization.Cluster.Fetching;
using Koalarization.Cluster.Wire;
using Koalarization.Harvest.Fetching;

namespace Koalarization.Cluster.HostLimits;

/// <summary>What one node holds of one host's permits, as the coordinator knows it.</summary>
/// <remarks>
/// Both sides keep two totals that only grow, granted and returned, and take the larger of what they have and what they receive. So a message that was lost
/// is made good by the next one, and a message that comes twice or late does no harm.
/// </remarks>
/// <param name="owner">The node.</param>
internal sealed class PermitHolder(NodeOwner owner)
{
    private long _granted;
    private long _returned;
    private TimeSpan _reportedAt;
    private TimeSpan _sentPausedUntil;
    private FetchProtocol.HostGrant? _last;

    public NodeOwner Owner => owner;

    /// <summary>Links of the node that wait for the host or are being fetched from it.</summary>
    public int Wanted { get; private set; }

    /// <summary>The node has never more requests at the host than this.</summary>
    public long Count => _granted - _returned;

    /// <summary>By then the node has cancelled what it fetched under the permits, unless it reports before.</summary>
    public TimeSpan Expires { get; private set; }

    /// <summary>Since when it has had a permit without a break.</summary>
    public TimeSpan ActiveSince { get; private set; }

    /// <summary>Whether it got its permit to try a host that is given up.</summary>
    public bool IsProbe { get; private set; }

    /// <summary>Whether there is nothing left to know.</summary>
    public bool IsDone => Wanted == 0 && Count == 0;

    /// <summary>The node reports: whatever it holds is renewed.</summary>
    public void Apply(FetchProtocol.HostUsage usage, TimeSpan reportedAt, TimeSpan expires)
    {
        _granted = Math.Max(_granted, usage.Granted);
        _returned = Math.Max(_returned, usage.Returned);
        Wanted = Math.Max(0, usage.Wanted);
        _reportedAt = reportedAt;
        Expires = expires;
    }

    /// <summary>It gets more permits.</summary>
    public void Grant(long permits, TimeSpan now, bool isProbe)
    {
        ActiveSince = Count == 0 ? now : ActiveSince;
        IsProbe = permits > 0 ? isProbe : IsProbe;
        _granted += permits;
    }

    /// <summary>Whether the node needs a message: it must give permits back, or the host's state has changed.</summary>
    /// <param name="state">The host's state.</param>
    /// <param name="share">How many permits the node may hold.</param>
    /// <param name="now">The present.</param>
    public bool NeedsUpdate(Koalarization.Harvest.Hosts.HostState state, long share, TimeSpan now) =>
        _last is null
        || (share < Count && share < _last.Share)
        || state.Generation != _last.Generation
        || state.IsGivenUp != _last.IsGivenUp
        || (state.PausedUntil > now && state.PausedUntil > _sentPausedUntil);

    /// <summary>The next message to the node.</summary>
    public FetchProtocol.HostGrant Message(string host, Koalarization.Harvest.Hosts.HostState state, long share, TimeSpan now)
    {
        TimeSpan pause = state.PausedUntil > now ? state.PausedUntil - now : TimeSpan.Zero;
        _sentPausedUntil = now + pause;
        return _last = new FetchProtocol.HostGrant
        {
            Host = host,
            ReportedAt = _reportedAt,
            Granted = _granted,
            Returned = _returned,
            Share = (int)share,
            Generation = state.Generation,
            Pause = pause,
            IsGivenUp = state.IsGivenUp,
            Refusal = state.IsGivenUp ? state.Rejection.Kind.WireName() : null,
        };
    }
}
