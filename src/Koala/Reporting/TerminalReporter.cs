using Spectre.Console;

namespace Koalarization.Koala.Reporting;

/// <summary>Writes to a terminal: progress bars with rate and time left on standard error, results on standard output.</summary>
internal sealed class TerminalReporter(TextWriter results, IAnsiConsole console, TimeProvider time) : IReporter
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    public void Report(ReportEvent message) => console.WriteLine(ShownText.Of(message.Sentence));

    public void Result(ReportEvent result)
    {
        results.WriteLine(ShownText.Of(result.Sentence));
        results.Flush();
    }

    public ProgressMeter NewMeter(string step, long? total) => new(step, total, time);

    public Task<T> MeasureAsync<T>(IReadOnlyList<ProgressMeter> meters, Func<Task<T>> work) =>
        console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async context =>
            {
                (ProgressTask Bar, ProgressMeter Meter)[] bars = [.. meters.Select(meter => (context.AddTask(meter.Step), meter))];
                await using ITimer timer = time.CreateTimer(_ => Show(bars), state: null, Refresh, Refresh);
                return await work();
            });

    private static void Show((ProgressTask Bar, ProgressMeter Meter)[] bars)
    {
        foreach ((ProgressTask bar, ProgressMeter meter) in bars)
        {
            Show(bar, meter.Now());
        }
    }

    private static void Show(ProgressTask bar, StepProgress progress)
    {
        bar.IsIndeterminate = progress.Total is null;
        bar.MaxValue = progress.Total is long total and > 0 ? total : 1;
        bar.Value = progress.Done;
        bar.Description = Markup.Escape(ShownText.Of(progress.Sentence));
    }
}
