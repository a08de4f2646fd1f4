using Koalarization.Cluster.Coordination;

namespace Koalarization.Cluster.Hosting;

/// <summary>A node's rates over the last minute, from its totals. Not thread-safe; times come from outside.</summary>
/// <param name="roles">The node's roles: others have no rate.</param>
internal sealed class ActivityWindow(IReadOnlyList<string> roles)
{
    /// <summary>What the rates are over.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    private readonly Queue<(TimeSpan At, (long Links, long Embedded, long Written) Totals)> _samples = new();

    /// <summary>Takes the totals of now, and gives the rates; none from the first totals alone.</summary>
    public JobsProtocol.NodeRates With((long Links, long Embedded, long Written) totals, TimeSpan now)
    {
        while (_samples.Count > 1 && now - _samples.ElementAt(1).At >= Length)
        {
            _samples.Dequeue();
        }

        _samples.Enqueue((now, totals));
        (TimeSpan since, (long Links, long Embedded, long Written) before) = _samples.Peek();
        double seconds = (now - since).TotalSeconds;
        return seconds <= 0 ? default : new JobsProtocol.NodeRates(
            Rate(NodeRoles.Fetch, totals.Links - before.Links), Rate(NodeRoles.Embed, totals.Embedded - before.Embedded), Rate(NodeRoles.Write, totals.Written - before.Written));

        double? Rate(string role, long items) => roles.Contains(role) ? Math.Round(items / seconds, 2) : null;
    }
}
