using Koalarization.Cluster.Coordination;

namespace Koalarization.Cluster.Hosting;

/// <summary>A node's rates over the last minute, from its totals. Not thread-safe; times come from outside.</summary>
/// <param name="roles">The node's roles: others have no rate.</param>
internal sealed class ActivityWindow(IReadOnlyList<string> roles)
{
    /// <summary>What the rates are over.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    /// <summary>What the shares of time are over: they say what is so now.</summary>
    public static readonly TimeSpan BusyLength = TimeSpan.FromSeconds(15);

    private readonly Queue<Sample> _samples = new();

    /// <summary>Takes the totals of now, and gives the rates; none from the first totals alone.</summary>
    /// <param name="totals">What was done.</param>
    /// <param name="now">The time.</param>
    /// <param name="busy">For how long devices computed, and the store was waited for.</param>
    public JobsProtocol.NodeRates With((long Links, long Embedded, long Written) totals, TimeSpan now, (TimeSpan Device, TimeSpan Store) busy = default)
    {
        while (_samples.Count > 1 && now - _samples.ElementAt(1).At >= Length)
        {
            _samples.Dequeue();
        }

        _samples.Enqueue(new Sample(now, totals, busy));
        Sample first = _samples.Peek(), recent = _samples.LastOrDefault(sample => now - sample.At >= BusyLength) ?? first;
        double seconds = (now - first.At).TotalSeconds;
        return seconds <= 0 ? default : new JobsProtocol.NodeRates(
            Rate(NodeRoles.Fetch, totals.Links - first.Totals.Links),
            Rate(NodeRoles.Embed, totals.Embedded - first.Totals.Embedded),
            Rate(NodeRoles.Write, totals.Written - first.Totals.Written))
        {
            DeviceBusy = roles.Contains(NodeRoles.Embed) ? Share(busy.Device - recent.Busy.Device) : null,
            StoreBusy = roles.Contains(NodeRoles.Fetch) || roles.Contains(NodeRoles.Write) ? Share(busy.Store - recent.Busy.Store) : null,
        };

        double? Rate(string role, long items) => roles.Contains(role) ? Math.Round(items / seconds, 2) : null;

        double Share(TimeSpan part) => Math.Round(part / (now - recent.At), 2);
    }

    private sealed record Sample(TimeSpan At, (long Links, long Embedded, long Written) Totals, (TimeSpan Device, TimeSpan Store) Busy);
}
