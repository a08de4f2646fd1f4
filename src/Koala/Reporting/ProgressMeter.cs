namespace Koalarization.Koala.Reporting;

/// <summary>Counts the items that a step has done. Thread-safe.</summary>
internal sealed class ProgressMeter(string step, long? total, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private long _done;
    private long _total = total ?? -1;

    public string Step { get; } = step;

    public void Advance(long items = 1) => Interlocked.Add(ref _done, items);

    /// <summary>Sets the position, for work that counts by itself (bytes of a download).</summary>
    public void Set(long done, long? of)
    {
        Interlocked.Exchange(ref _done, done);
        Interlocked.Exchange(ref _total, of ?? -1);
    }

    public StepProgress Now()
    {
        long done = Interlocked.Read(ref _done);
        long of = Interlocked.Read(ref _total);
        double seconds = time.GetElapsedTime(_start).TotalSeconds;
        double rate = seconds > 0 ? done / seconds : 0;
        double? left = of >= 0 && done > 0 ? Math.Max(of - done, 0) / rate : null;
        return new StepProgress(Step, done, of < 0 ? null : of, rate, left);
    }
}
