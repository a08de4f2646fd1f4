namespace Koalarization.Koala.Reporting;

/// <summary>
/// Progress as a terminal shows it: what is done in groups (a batch of the network) is counted up within a second. Not thread-safe.
/// </summary>
internal sealed class EasedReport(IProgressSource source, TimeProvider time)
{
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(1);

    private double[] _shown = [];
    private long _at = time.GetTimestamp();

    public ProgressReport Now()
    {
        ProgressReport report = source.Now();
        IReadOnlyList<ProgressBar> bars = report.Bars;
        long now = time.GetTimestamp();
        double part = Math.Min(1, time.GetElapsedTime(_at, now) / Lag);
        _at = now;
        _shown = _shown.Length == bars.Count ? [.. bars.Select((bar, i) => Towards(_shown[i], bar.Done, part))] : [.. bars.Select(bar => (double)bar.Done)];
        return report.WithDone([.. _shown.Select(shown => (long)shown)]);
    }

    // At least one at a time, so that it ends there; what is lost is lost at once.
    private static double Towards(double shown, long done, double part) =>
        done <= shown ? done : Math.Min(done, shown + Math.Max(1, (done - shown) * part));
}
