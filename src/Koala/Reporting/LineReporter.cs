namespace Koalarization.Koala.Reporting;

/// <summary>Writes lines, for files, pipes and other programs: sentences, with the time where they are a log, JSON, or a form of their own.</summary>
internal sealed class LineReporter(TextWriter results, TextWriter messages, bool json, TimeProvider time, bool dated = false) : IReporter
{
    private static readonly TimeSpan JsonInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SentenceInterval = TimeSpan.FromSeconds(10);

    // Of long work every sixth sentence is enough.
    private static readonly TimeSpan ManySentences = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RareSentenceInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();

    /// <summary>Makes lines of another form, JSON as well; null: there is none.</summary>
    public Func<ReportEvent, string>? Form { get; init; }

    public bool IsForPrograms => json;

    public void Report(ReportEvent message) => Write(json ? results : messages, message);

    public void Result(ReportEvent result) => Write(results, result);

    public ProgressMeter NewMeter(string step, long? total, bool isBytes = false) => new(step, total, time) { IsBytes = isBytes };

    public async Task<T> MeasureAsync<T>(IProgressSource source, Func<Task<T>> work)
    {
        long start = time.GetTimestamp(), reported = start;
        TimeSpan interval = json ? JsonInterval : SentenceInterval;
        await using ITimer timer = time.CreateTimer(_ => ReportProgress(), state: null, interval, interval);
        return await work();

        void ReportProgress()
        {
            ProgressReport now = source.Now();
            if (json || time.GetElapsedTime(start) <= ManySentences || time.GetElapsedTime(reported) >= RareSentenceInterval)
            {
                reported = time.GetTimestamp();
                ReportOnTimer(now);
            }
        }
    }

    private void ReportOnTimer(ProgressReport progress)
    {
        try
        {
            Report(progress);
        }
        catch (IOException)
        {
            // On the timer's thread it would end the process. The next report of the work fails too, and that ends the command.
        }
    }

    private void Write(TextWriter writer, ReportEvent message)
    {
        string line = Form is not null ? ShownText.OfJson(Form(message)) : json ? ShownText.OfJson(ReportJson.Line(message)) : ShownText.Of(dated ? message.Dated(time.GetUtcNow()) : message.Sentence);
        lock (_lock)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }
}
