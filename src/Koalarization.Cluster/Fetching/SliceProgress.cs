using Koalarization.Dataset.Planning;

namespace Koalarization.Cluster.Fetching;

/// <summary>How far a slice is, as its node reports it to the coordinator. Thread-safe.</summary>
internal sealed class SliceProgress
{
    private int _unended = RoundPlan.LinksPerSlice;
    private int _waiting;
    private long _moves;

    /// <summary>Links that have no row yet; until they are begun, as many as a slice has.</summary>
    public int Unended => Volatile.Read(ref _unended);

    /// <summary>Links of these that wait for their host, for the network, or for their next try.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The links are begun.</summary>
    public void Begun(int links)
    {
        Volatile.Write(ref _unended, links);
        Interlocked.Increment(ref _moves);
    }

    /// <summary>A link has its row.</summary>
    public void Ended()
    {
        Interlocked.Decrement(ref _unended);
        Interlocked.Increment(ref _moves);
    }

    /// <summary>So many links more wait.</summary>
    public void Waits(int links) => Interlocked.Add(ref _waiting, links);

    /// <summary>The number to report (<see cref="FetchProtocol.ActiveSlice.Progress"/>), once for every message.</summary>
    /// <param name="isGateMoving">
    /// Whether waiting counts as progress. Where requests are in flight and none ever comes back, it is this process that is stuck.
    /// </param>
    public long Report(bool isGateMoving) => isGateMoving && Waiting > 0 ? Interlocked.Increment(ref _moves) : Volatile.Read(ref _moves);
}
