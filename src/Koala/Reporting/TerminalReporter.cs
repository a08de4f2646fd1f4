namespace Koalarization.Koala.Reporting;

/// <summary>
/// Writes to a terminal: messages to standard error and results to standard output, both above one block of lines with the progress of all that is in work.
/// </summary>
/// <param name="results">Standard output.</param>
/// <param name="messages">Standard error; both are the same terminal.</param>
/// <param name="terminal">What the terminal can do.</param>
/// <param name="time">The clock.</param>
internal sealed class TerminalReporter(TextWriter results, TextWriter messages, ITerminal terminal, TimeProvider time) : IReporter
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    private const string Red = "\e[31m", Reset = "\e[0m";

    private readonly Lock _gate = new();
    private readonly TerminalArea _area = new(messages, terminal.HasColours);
    private readonly List<EasedReport> _inWork = [];

    public bool IsForPrograms => false;

    public void Report(ReportEvent message)
    {
        lock (_gate)
        {
            (int width, _) = terminal.Size;
            string text = message is CommandFailed && terminal.HasColours ? $"{Red}{ShownText.Of(message.Sentence)}{Reset}" : ShownText.Of(message.Sentence);
            _area.WriteAbove(text, Lines(), width);
        }
    }

    public void Result(ReportEvent result)
    {
        lock (_gate)
        {
            (int width, _) = terminal.Size;
            _area.Clear(width);
            results.Write(ShownText.Of(result.Sentence) + "\n");
            results.Flush();
            _area.Draw(Lines(), width);
        }
    }

    public ProgressMeter NewMeter(string step, long? total, bool isBytes = false) => new(step, total, time) { IsBytes = isBytes };

    public async Task<T> MeasureAsync<T>(IProgressSource source, Func<Task<T>> work)
    {
        var shown = new EasedReport(source, time);
        lock (_gate)
        {
            _inWork.Add(shown);
        }

        try
        {
            // What is done at once shows no bar.
            await using ITimer timer = time.CreateTimer(_ => Redraw(), state: null, Refresh, Refresh);
            return await work();
        }
        finally
        {
            lock (_gate)
            {
                _inWork.Remove(shown);
            }

            Redraw();
        }
    }

    private void Redraw()
    {
        lock (_gate)
        {
            try
            {
                (int width, _) = terminal.Size;
                if (_inWork.Count == 0)
                {
                    _area.Clear(width);
                }
                else
                {
                    _area.Draw(Lines(), width);
                }
            }
            catch (IOException)
            {
                // On the timer's thread it would end the process. The next report of the work fails too, and that ends the command.
            }
        }
    }

    // Lines above the first row of the screen could not be drawn again.
    private IReadOnlyList<StyledLine> Lines()
    {
        (int width, int height) = terminal.Size;
        IReadOnlyList<StyledLine> lines = new ProgressBlock(width, terminal.IsUnicode).Lines([.. _inWork.Select(source => source.Now())]);
        return lines.Count < height ? lines : [.. lines.Take(Math.Max(0, height - 1))];
    }
}
