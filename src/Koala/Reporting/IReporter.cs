namespace Koalarization.Koala.Reporting;

/// <summary>Where a command says what it does: a terminal, plain lines, or JSON. Safe to call from any thread.</summary>
internal interface IReporter
{
    /// <summary>Says something beside the result (standard error for a person, a line of standard output with <c>--json</c>).</summary>
    void Report(ReportEvent message);

    /// <summary>Says a result (always on standard output).</summary>
    void Result(ReportEvent result);

    /// <summary>Runs work that is counted, and shows how far each of its parts is.</summary>
    /// <param name="meters">The parts' meters; the work advances them.</param>
    /// <param name="work">The work.</param>
    Task<T> MeasureAsync<T>(IReadOnlyList<ProgressMeter> meters, Func<Task<T>> work);

    /// <summary>Makes the meter of one part of a work.</summary>
    /// <param name="step">What is done, in one word: <c>resize</c>.</param>
    /// <param name="total">How many items there are, when that is known.</param>
    ProgressMeter NewMeter(string step, long? total);

    /// <summary>Runs work of one part.</summary>
    Task<T> MeasureAsync<T>(string step, long? total, Func<ProgressMeter, Task<T>> work)
    {
        ProgressMeter meter = NewMeter(step, total);
        return MeasureAsync([meter], () => work(meter));
    }
}
