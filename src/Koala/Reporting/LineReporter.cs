namespace Koalarization.Koala.Reporting;

/// <summary>Lines, for files, pipes and other programs: sentences, or JSON.</summary>
internal sealed class LineReporter(TextWriter results, TextWriter messages, bool json, TimeProvider time) : IReporter
{
    private static readonly TimeSpan JsonInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SentenceInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();

    public void Say(ReportEvent message) => Write(json ? results : messages, message);

    public void Result(ReportEvent result) => Write(results, result);

    public async Task<T> MeasureAsync<T>(string step, long? total, Func<ProgressMeter, Task<T>> work)
    {
        var meter = new ProgressMeter(step, total, time);
        TimeSpan interval = json ? JsonInterval : SentenceInterval;
        await using ITimer timer = time.CreateTimer(_ => SayProgress(meter), state: null, interval, interval);
        return await work(meter);
    }

    private void SayProgress(ProgressMeter meter)
    {
        try
        {
            Say(meter.Now());
        }
        catch (IOException)
        {
            // Thrown on the timer's thread it would end the process; what the work itself says fails likewise, and that ends the command.
        }
    }

    private void Write(TextWriter writer, ReportEvent message)
    {
        string line = json ? ReportJson.Line(message) : message.Sentence;
        lock (_gate)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }
}
