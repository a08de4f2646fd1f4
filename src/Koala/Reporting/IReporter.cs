namespace Koalarization.Koala.Reporting;

/// <summary>The output of a command: a terminal, plain lines, or JSON. Thread-safe.</summary>
internal interface IReporter
{
    /// <summary>Whether the output is JSON.</summary>
    bool IsForPrograms { get; }

    /// <summary>Reports a message (on standard error, or with <c>--json</c> on standard output).</summary>
    void Report(ReportEvent message);

    /// <summary>Reports a result (always on standard output).</summary>
    void Result(ReportEvent result);

    /// <summary>Runs work, and shows its progress meanwhile.</summary>
    Task<T> MeasureAsync<T>(IProgressSource source, Func<Task<T>> work);

    /// <summary>Creates the meter of work that has one part.</summary>
    /// <param name="step">The name of the part: <c>resize</c>.</param>
    /// <param name="total">The number of items, when it is known.</param>
    /// <param name="isBytes">Whether the items are bytes.</param>
    ProgressMeter NewMeter(string step, long? total, bool isBytes = false);

    /// <summary>Runs work that has one part.</summary>
    Task<T> MeasureAsync<T>(string step, long? total, Func<ProgressMeter, Task<T>> work, bool isBytes = false)
    {
        ProgressMeter meter = NewMeter(step, total, isBytes);
        return MeasureAsync(meter, () => work(meter));
    }
}
