namespace Koalarization.Koala.Reporting;

/// <summary>
/// Lays progress out as lines that fit a terminal. What does not fit is left out in one order: first bars get shorter, then the words for items go, then rates,
/// then bars, then facts from the last on; at last lines are cut.
/// </summary>
/// <param name="width">Columns of the terminal.</param>
/// <param name="isUnicode">Whether it shows more than ASCII.</param>
internal sealed class ProgressBlock(int width, bool isUnicode)
{
    private const int LongestBar = 40;
    private const int ShortestBar = 8;
    private const string Green = "32", Yellow = "33", Gray = "90";

    // A terminal may wrap a line that fills its last column.
    private readonly int _columns = Math.Max(1, width - 1);

    /// <summary>The lines of all that is in progress.</summary>
    public IReadOnlyList<StyledLine> Lines(IReadOnlyList<ProgressReport> reports) => [.. reports.SelectMany(Lines)];

    private IEnumerable<StyledLine> Lines(ProgressReport report)
    {
        if (report.Title is string title)
        {
            yield return new StyledLine().Add(Cut(ShownText.Of(title)));
        }

        foreach (StyledLine line in BarLines(report.Bars))
        {
            yield return line;
        }

        if (FactsLine(report) is { Width: > 0 } facts)
        {
            yield return facts;
        }
    }

    private IEnumerable<StyledLine> BarLines(IReadOnlyList<ProgressBar> bars)
    {
        int names = bars.Max(bar => bar.Name.Length);
        string[] withItems = [.. bars.Select(bar => bar.Items is null ? bar.Count : $"{bar.Count} {bar.Items}")];
        string[] counts = [.. bars.Select(bar => bar.Count)];
        string[] rates = [.. bars.Select(bar => bar.Rate)];

        // The columns for rates stay while there is none.
        int ratesWidth = Math.Max(9, rates.Max(rate => rate.Length));
        (string[] Counts, int Rates)[] choices = [(withItems, ratesWidth), (counts, ratesWidth), (counts, 0)];
        foreach ((string[] texts, int rateColumns) in choices)
        {
            int countColumns = texts.Max(text => text.Length);
            int taken = names + 1 + 1 + countColumns + (rateColumns > 0 ? rateColumns + 1 : 0);
            int barColumns = Math.Min(LongestBar, _columns - taken);
            if (barColumns >= ShortestBar)
            {
                return bars.Select((bar, i) =>
                {
                    StyledLine line = new StyledLine().Add(bar.Name.PadRight(names)).Add(" ");
                    AddBar(line, bar, barColumns);
                    return rateColumns > 0 && rates[i].Length > 0
                        ? line.Add(" ").Add(texts[i].PadRight(countColumns)).Add(" ").Add(rates[i].PadLeft(rateColumns), Gray)
                        : line.Add(" ").Add(texts[i]);
                });
            }
        }

        return bars.Select((bar, i) => new StyledLine().Add(Cut($"{bar.Name.PadRight(names)} {counts[i]}")));
    }

    private void AddBar(StyledLine line, ProgressBar bar, int columns)
    {
        int full = (int)((bar.Share ?? 0) * columns);
        line.Add(new string(isUnicode ? '█' : '#', full), Green).Add(new string(isUnicode ? '░' : '.', columns - full), Gray);
    }

    private StyledLine FactsLine(ProgressReport report)
    {
        string separator = isUnicode ? " · " : ", ";
        var line = new StyledLine();
        string? left = report.SecondsLeft is double seconds ? Durations.Left(seconds) : null;
        int columns = _columns - (left is null ? 0 : left.Length + separator.Length);
        foreach (string fact in report.Facts.Select(ShownText.Of))
        {
            string text = line.Width > 0 ? separator + fact : fact;
            if (line.Width + text.Length > columns)
            {
                break;
            }

            line.Add(text, fact.StartsWith("dead ", StringComparison.Ordinal) && fact != "dead 0" ? Yellow : null);
        }

        return left is null ? line : line.Add(line.Width > 0 ? separator + left : Cut(left));
    }

    private string Cut(string text) => text.Length <= _columns ? text : text[..Math.Max(0, _columns)];
}
