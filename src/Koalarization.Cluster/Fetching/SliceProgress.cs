using Koalarization.Dataset.Planning;

namespace Koalarization.Cluster.Fetching;

/// <summary>How far a slice is, as its node reports it to the coordinator. Thread-safe.</summary>
internal sealed class SliceProgress
{
    private readonly Lock _gate = new();
    private readonly int[] _linksAt = new int[Enum.GetValues<LinkStage>().Length];
    private LinkStage[] _stages = [];
    private int _unended = RoundPlan.LinksPerSlice;
    private int _waiting;
    private long _moves;

    // In the order in which a link passes them.
    private enum LinkStage
    {
        Open,
        Fetched,
        Resized,
        Failed,
        Kept,
    }

    /// <summary>Links that have no row yet; until they are begun, as many as a slice has.</summary>
    public int Unended => Volatile.Read(ref _unended);

    /// <summary>Links of these that wait for their host, for the network, or for their next try.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How far the links are.</summary>
    public SliceCounts Counts
    {
        get
        {
            lock (_gate)
            {
                int pictures = At(LinkStage.Resized) + At(LinkStage.Kept);
                return new SliceCounts(At(LinkStage.Fetched) + pictures + At(LinkStage.Failed), pictures, At(LinkStage.Failed));
            }
        }
    }

    /// <summary>The links are begun.</summary>
    public void Begun(int links)
    {
        lock (_gate)
        {
            _stages = new LinkStage[links];
            Array.Clear(_linksAt);
        }

        Volatile.Write(ref _unended, links);
        Interlocked.Increment(ref _moves);
    }

    /// <summary>A link's answer is there.</summary>
    public void Fetched(int link) => MoveTo(link, LinkStage.Fetched);

    /// <summary>A link's picture is decoded and resized.</summary>
    public void Resized(int link) => MoveTo(link, LinkStage.Resized);

    /// <summary>A link has its row.</summary>
    public void Ended(int link, bool isKept)
    {
        MoveTo(link, isKept ? LinkStage.Kept : LinkStage.Failed);
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

    // A link that is tried again has been further already.
    private void MoveTo(int link, LinkStage stage)
    {
        lock (_gate)
        {
            if (stage > _stages[link])
            {
                _linksAt[(int)_stages[link]]--;
                _linksAt[(int)stage]++;
                _stages[link] = stage;
            }
        }
    }

    private int At(LinkStage stage) => _linksAt[(int)stage];
}
