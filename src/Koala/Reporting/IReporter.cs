namespace Koalarization.Koala.Reporting;

/// <summary>The output of a command: a terminal, plain lines, or JSON. Thread-safe.</summary>
internal interface IReporter
{
    /// <summary>Reports a message (on standard error, or with <c>--json</c> on standard output).</summary>
    void Report(ReportEvent message);

    /// <summary>Reports a result (always on standard output).</summary>
    void Result(ReportEvent result);

    /// <summary>Runs work, and shows the progress of each of its parts.</summary>
    /// <param name="meters">The meters of the parts; the work advances them.</param>
    /// <param name="work">The work.</param>
    Task<T> MeasureAsync<T>(IReadOnlyList<ProgressMeter> meters, Func<Task<T>> work);

    /// <summary>Creates the meter of one part of the work.</summary>
    /// <param name="step">The name of the part: <c>resize</c>.</param>
    /// <param name="total">The number of items, when it is known.</param>
    ProgressMeter NewMeter(string step, long? total);

    /// <summary>Runs work that has one part.</summary>
    Task<T> MeasureAsync<T>(string step, long? total, Func<ProgressMeter, Task<T>> work)
    {
        ProgressMeter meter = NewMeter(step, total);
        return MeasureAsync([meter], () => work(meter));
    }
}
