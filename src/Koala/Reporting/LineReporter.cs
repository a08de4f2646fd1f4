namespace Koalarization.Koala.Reporting;

/// <summary>Writes lines, for files, pipes and other programs: sentences, or JSON.</summary>
internal sealed class LineReporter(TextWriter results, TextWriter messages, bool json, TimeProvider time) : IReporter
{
    private static readonly TimeSpan JsonInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SentenceInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();

    public void Report(ReportEvent message) => Write(json ? results : messages, message);

    public void Result(ReportEvent result) => Write(results, result);

    public ProgressMeter NewMeter(string step, long? total) => new(step, total, time);

    public async Task<T> MeasureAsync<T>(IReadOnlyList<ProgressMeter> meters, Func<Task<T>> work)
    {
        TimeSpan interval = json ? JsonInterval : SentenceInterval;
        await using ITimer timer = time.CreateTimer(_ => ReportProgress(meters), state: null, interval, interval);
        return await work();
    }

    private void ReportProgress(IReadOnlyList<ProgressMeter> meters)
    {
        try
        {
            foreach (ProgressMeter meter in meters)
            {
                Report(meter.Now());
            }
        }
        catch (IOException)
        {
            // On the timer's thread it would end the process. The next report of the work fails too, and that ends the command.
        }
    }

    private void Write(TextWriter writer, ReportEvent message)
    {
        string line = json ? ShownText.OfJson(ReportJson.Line(message)) : ShownText.Of(message.Sentence);
        lock (_lock)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }
}
