namespace Koalarization.Cluster.Tls;

/// <summary>
/// Says well before a certificate ends that it does: two weeks, or a sixth of its life where that is shorter, and then once a day, or four times in that while. Whoever
/// renews certificates does so earlier: what is said here means that no one did.
/// </summary>
internal sealed class ExpiryWarning
{
    private static readonly TimeSpan EarlyAtMost = TimeSpan.FromDays(14);
    private static readonly TimeSpan AgainAtMost = TimeSpan.FromDays(1);

    private DateTime _of;
    private DateTime _said;

    /// <summary>What is to be said now; null: nothing.</summary>
    /// <param name="file">The certificate's file.</param>
    /// <param name="from">When it begins to be valid, UTC.</param>
    /// <param name="until">When it ends, UTC.</param>
    /// <param name="now">The time, UTC.</param>
    public string? Due(string file, DateTime from, DateTime until, DateTime now)
    {
        TimeSpan early = Shorter(EarlyAtMost, (until - from) / 6);
        if (until - now > early || (_of == until && now - _said < Shorter(AgainAtMost, early / 4)))
        {
            return null;
        }

        (_of, _said) = (until, now);
        string end = NodeCertificate.Day(until);
        return until <= now
            ? $"The certificate {file} expired on {end}: no node lets this one in any more, and connections that it has stay; put a new one in its place, it is read within a minute."
            : $"The certificate {file} expires on {end}, and no new one is there; put one in its place, it is read within a minute.";
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
