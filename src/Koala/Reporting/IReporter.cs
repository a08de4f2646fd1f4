namespace Koalarization.Koala.Reporting;

/// <summary>Where a command says what it does: a terminal, plain lines, or JSON. Safe to call from any thread.</summary>
internal interface IReporter
{
    /// <summary>Says something beside the result (standard error for a person, a line of standard output with <c>--json</c>).</summary>
    void Say(ReportEvent message);

    /// <summary>Says a result (always on standard output).</summary>
    void Result(ReportEvent result);

    /// <summary>Runs work that is counted, and shows how far it is.</summary>
    /// <param name="step">What is done, in one word: <c>resize</c>.</param>
    /// <param name="total">How many items there are, when that is known.</param>
    /// <param name="work">The work; it advances the meter.</param>
    Task<T> MeasureAsync<T>(string step, long? total, Func<ProgressMeter, Task<T>> work);
}
