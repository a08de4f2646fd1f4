using Koalarization.Dataset;

namespace Koalarization.Cluster;

/// <summary>How far a slice is, as its node tells the coordinator. Thread-safe; it outlives a crash of the slice's actor.</summary>
internal sealed class SliceProgress
{
    private int _unended = RoundPlan.LinksPerSlice;
    private int _waiting;
    private long _moves;

    /// <summary>Links that have no row yet; until it is begun, as many as a slice has.</summary>
    public int Unended => Volatile.Read(ref _unended);

    /// <summary>Links of these that wait for a place at their host, for the network, or for their next try.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Crashes of its actor.</summary>
    public int Crashes { get; private set; }

    /// <summary>What the last one was, in one sentence.</summary>
    public string? LastCrash { get; private set; }

    /// <summary>Its links are begun.</summary>
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

    /// <summary>Its actor crashed; the next one begins anew.</summary>
    public void Crashed(string sentence)
    {
        Crashes++;
        LastCrash = sentence;
    }

    /// <summary>So many links more wait.</summary>
    public void Waits(int links) => Interlocked.Add(ref _waiting, links);

    /// <summary>The number to tell, once for every message.</summary>
    /// <param name="gateMoves">
    /// Whether those who wait for places wait rightly. Where requests are on the way and none ever comes back, it is this process that is stuck.
    /// </param>
    public long Tell(bool gateMoves) => gateMoves && Waiting > 0 ? Interlocked.Increment(ref _moves) : Volatile.Read(ref _moves);
}
