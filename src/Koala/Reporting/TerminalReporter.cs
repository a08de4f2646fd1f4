using Spectre.Console;

namespace Koalarization.Koala.Reporting;

/// <summary>A person at a terminal: a bar with rate and time left on standard error, results on standard output.</summary>
internal sealed class TerminalReporter(TextWriter results, IAnsiConsole console, TimeProvider time) : IReporter
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    public void Say(ReportEvent message) => console.WriteLine(message.Sentence);

    public void Result(ReportEvent result)
    {
        results.WriteLine(result.Sentence);
        results.Flush();
    }

    public Task<T> MeasureAsync<T>(string step, long? total, Func<ProgressMeter, Task<T>> work) =>
        console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async context =>
            {
                var meter = new ProgressMeter(step, total, time);
                ProgressTask bar = context.AddTask(step, maxValue: total ?? 1);
                await using ITimer timer = time.CreateTimer(_ => Show(bar, meter.Now()), state: null, Refresh, Refresh);
                return await work(meter);
            });

    private static void Show(ProgressTask bar, StepProgress progress)
    {
        bar.IsIndeterminate = progress.Total is null;
        bar.MaxValue = progress.Total is long total and > 0 ? total : 1;
        bar.Value = progress.Done;
        bar.Description = Markup.Escape(progress.Sentence);
    }
}
