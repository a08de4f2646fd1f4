using Koalarization.Cluster.Coordination;

namespace Koalarization.Koala.Reporting;

/// <summary>Counts the items that a step has done. Thread-safe.</summary>
internal sealed class ProgressMeter(string step, long? total, TimeProvider time) : IProgressSource
{
    private readonly Lock _gate = new();
    private readonly RateWindow _rate = new(time);
    private long? _total = total;
    private long _done;
    private long? _kept;
    private long? _failed;

    /// <summary>Whether the items are bytes.</summary>
    public bool IsBytes { get; init; }

    public void Advance(long items = 1) => Interlocked.Add(ref _done, items);

    /// <summary>A link came to its outcome.</summary>
    public void AdvanceLink(bool isKept)
    {
        lock (_gate)
        {
            (_kept, _failed) = ((_kept ?? 0) + (isKept ? 1 : 0), (_failed ?? 0) + (isKept ? 0 : 1));
        }

        Advance();
    }

    /// <summary>The number of items is known now.</summary>
    public void SetTotal(long items)
    {
        lock (_gate)
        {
            _total = items;
        }
    }

    /// <summary>Sets the position, for work that counts by itself (bytes of a download).</summary>
    public void Set(long done, long? of)
    {
        lock (_gate)
        {
            _total = of;
        }

        Interlocked.Exchange(ref _done, done);
    }

    public ProgressReport Now()
    {
        lock (_gate)
        {
            long done = Interlocked.Read(ref _done);
            _rate.Add(done);
            double? left = _total is long of && of > done ? _rate.SecondsFor(of - done) : null;
            return new StepProgress(step, done, _total, Math.Round(_rate.PerSecond ?? 0, 1), left) { IsBytes = IsBytes, Kept = _kept, Failed = _failed };
        }
    }
}
