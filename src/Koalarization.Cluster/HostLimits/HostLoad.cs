namespace Koalarization.Cluster.HostLimits;

/// <summary>What the hosts of a job hold back.</summary>
/// <param name="Wanted">Links that wait for a host or are being fetched.</param>
/// <param name="Held">Links of these that wait because their host is not to be asked more, or not now.</param>
/// <param name="Hosts">The hosts that hold links back.</param>
/// <param name="Largest">The one that holds back most; null: none does.</param>
/// <param name="LargestHeld">Links that it holds back.</param>
/// <param name="Pause">How long it is still left alone, because it asked for it; zero: it is not.</param>
internal sealed record HostLoad(long Wanted, long Held, int Hosts, string? Largest, long LargestHeld, TimeSpan Pause)
{
    /// <summary>No host holds anything back.</summary>
    public static readonly HostLoad None = new(0, 0, 0, null, 0, TimeSpan.Zero);

    /// <summary>With one host more.</summary>
    public HostLoad With(string host, long wanted, long held, TimeSpan pause)
    {
        HostLoad sum = this with { Wanted = Wanted + wanted, Held = Held + held, Hosts = Hosts + (held > 0 ? 1 : 0) };
        return held > LargestHeld ? sum with { Largest = host, LargestHeld = held, Pause = pause } : sum;
    }
}
