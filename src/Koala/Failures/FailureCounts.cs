namespace Koalarization.Koala.Failures;

/// <summary>Counts links that failed, by reason and by host.</summary>
internal sealed class FailureCounts
{
    private const int Examples = 3;

    private readonly Dictionary<string, Counted> _reasons = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Counted> _hosts = new(StringComparer.Ordinal);

    /// <summary>Links that failed.</summary>
    public long Failed { get; private set; }

    public void Add(FailedLink link)
    {
        Failed++;
        Count(_reasons, link.Outcome, link.Detail, link);
        if (link.Host.Length > 0)
        {
            Count(_hosts, link.Host, link.Outcome, link);
        }
    }

    /// <summary>The reasons, the most frequent first, each with its most frequent details.</summary>
    public IEnumerable<FailureReason> Reasons(int details) =>
        Sorted(_reasons).Select(reason => new FailureReason(reason.Key, reason.Value.Links, Failed, Largest(reason.Value, details), reason.Value.Examples));

    /// <summary>The hosts with most failures, each with its most frequent reasons.</summary>
    public IEnumerable<FailureHost> Hosts(int max) =>
        Sorted(_hosts).Take(max).Select(host => new FailureHost(host.Key, host.Value.Links, Largest(host.Value, Examples), host.Value.Examples));

    private static IEnumerable<KeyValuePair<string, Counted>> Sorted(Dictionary<string, Counted> counts) =>
        counts.OrderByDescending(pair => pair.Value.Links).ThenBy(pair => pair.Key, StringComparer.Ordinal);

    private static Dictionary<string, long> Largest(Counted counted, int max) =>
        counted.Parts.Where(part => part.Key.Length > 0).OrderByDescending(part => part.Value).ThenBy(part => part.Key, StringComparer.Ordinal)
            .Take(max).ToDictionary(StringComparer.Ordinal);

    private static void Count(Dictionary<string, Counted> counts, string key, string part, FailedLink link)
    {
        if (!counts.TryGetValue(key, out Counted? counted))
        {
            counts.Add(key, counted = new Counted());
        }

        counted.Links++;
        counted.Parts[part] = counted.Parts.GetValueOrDefault(part) + 1;
        if (counted.Examples.Count < Examples)
        {
            counted.Examples.Add(link.Url.Length > 0 ? link.Url : link.Name);
        }
    }

    private sealed class Counted
    {
        public long Links { get; set; }

        public Dictionary<string, long> Parts { get; } = new(StringComparer.Ordinal);

        public List<string> Examples { get; } = [];
    }
}
