using System.Text.RegularExpressions;
using Koalarization.Cluster.Coordination;
using Koalarization.Koala.Reporting;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Tests.Reporting;

/// <summary>What a person sees of a long job, on terminals of several widths, in virtual time: links come in five minutes, the network takes half an hour.</summary>
public sealed class BlockTests
{
    private const int Links = 43_000, Kept = 39_000;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    private readonly SteppedTimeProvider _time = new();
    private readonly TaskCompletionSource<bool> _work = new();

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public async Task Three_lines_stay_in_their_place_from_the_first_link_to_the_last_record(int width)
    {
        var screen = new TerminalScreen(width, 24);
        var meter = new JobMeter(_time);
        meter.Set(At(0));
        var reporter = new TerminalReporter(screen, screen, new Terminal(width, HasColours: false), _time);
        Task<bool> measured = reporter.MeasureAsync(meter, () => _work.Task);
        reporter.Report(new Note("The network's weights are RANDOM."));
        double linksBefore = 0, recordsBefore = 0;
        for (int second = 0; second <= 2400; second += 2)
        {
            meter.Set(At(second));
            for (int step = 0; step < 10; step++)
            {
                _time.Advance(Step);
                IReadOnlyList<string> lines = screen.Lines;
                Assert.Equal(0, screen.Wrapped);
                Assert.Equal(5, lines.Count);
                Assert.Equal("The network's weights are RANDOM.", lines[0]);
                Assert.StartsWith("links ", lines[1], StringComparison.Ordinal);
                Assert.StartsWith("resized ", lines[2], StringComparison.Ordinal);
                Assert.StartsWith("records ", lines[3], StringComparison.Ordinal);
                Assert.StartsWith("kept ", lines[4], StringComparison.Ordinal);
                Assert.Equal((5, 0), screen.Cursor);
                Assert.Contains(" of 43,000", lines[1], StringComparison.Ordinal);

                // Two seconds' worth never come at once.
                Assert.InRange(Done(lines[1]) - linksBefore, 0, 80);
                Assert.InRange(Done(lines[3]) - recordsBefore, 0, 16);
                (linksBefore, recordsBefore) = (Done(lines[1]), Done(lines[3]));
                if (second > 310)
                {
                    Assert.Contains(" of 39,000", lines[2], StringComparison.Ordinal);
                    Assert.Contains(" of 39,000", lines[3], StringComparison.Ordinal);
                }

                Assert.DoesNotMatch(" s left| 0 min left", lines[4]);
            }

            // 39,000 pictures at 17 a second are 38 minutes.
            if (second is > 330 and < 2200)
            {
                Match left = Regex.Match(screen.Lines[4], @"about (?<minutes>[0-9]+) min left$", RegexOptions.NonBacktracking);
                Assert.True(left.Success, screen.Lines[4]);
                Assert.InRange(double.Parse(left.Groups[1].Value) * 60, (2294 - second) * 0.95 - 160, (2294 - second) * 1.05 + 160);
            }
        }

        _work.SetResult(true);
        await measured;
        Assert.Equal(["The network's weights are RANDOM."], screen.Lines);
        Assert.Equal((1, 0), screen.Cursor);
    }

    [Fact]
    public void Of_a_wide_terminal_nothing_is_left_out_and_of_a_narrow_one_what_matters_least()
    {
        ProgressReport report = new JobProgress(
            null, null, new PartProgress(21_500, 43_000, null, 12.3), new PartProgress(20_000, null, 39_000, 11), new PartProgress(1_626, null, 39_000, 17),
            new PartProgress(3, null, null, null), 20_000, 1_500, 1_500);

        // The rules of the layout, by hand: a bar of 40 at most, numbers after it, the rate right of them.
        Assert.Equal("records █" + new string('░', 39) + " 1,626 of ~39,000 pictures    17.0/s", Lines(120)[2]);
        Assert.Equal("kept 20,000 · dead 1,500 · 3 records · about 25 min left", Lines(120)[3]);
        Assert.EndsWith("1,626 of ~39,000 pictures    17.0/s", Lines(60)[2], StringComparison.Ordinal);
        Assert.EndsWith("░ 1,626 of ~39,000", Lines(40)[2], StringComparison.Ordinal);
        Assert.Equal("records 1,626 of ~39,000", Lines(30)[2]);
        Assert.Equal("kept 20,000 · about 25 min left", Lines(40)[3]);
        Assert.All(Enumerable.Range(1, 200), width => Assert.All(Lines(width), line => Assert.InRange(line.Length, 0, Math.Max(1, width - 1))));

        string[] Lines(int width) => [.. new ProgressBlock(width, isUnicode: true).Lines([report]).Select(line => line.Plain)];
    }

    [Fact]
    public async Task A_terminal_that_gets_narrower_has_one_block_afterwards()
    {
        var screen = new TerminalScreen(120, 24);
        var terminal = new Terminal(120, HasColours: false);
        var meter = new ProgressMeter("resize", 100, _time);
        var reporter = new TerminalReporter(screen, screen, terminal, _time);
        Task<bool> measured = reporter.MeasureAsync(meter, () => _work.Task);
        _time.Advance(Step);
        terminal.Width = 40;
        meter.Advance(50);
        _time.Advance(2 * Step);

        // This screen does not break lines again when it gets narrower; what was above the block is not its concern here.
        Assert.Single(screen.Lines, line => line.StartsWith("resize ", StringComparison.Ordinal));
        Assert.All(screen.Lines, line => Assert.InRange(line.Length, 0, 39));
        _work.SetResult(true);
        await measured;
        Assert.Empty(screen.Lines);
    }

    [Fact]
    public void Colours_are_left_out_where_they_are_not_wanted_and_change_no_letter()
    {
        TerminalScreen plain = Drawn(hasColours: false), coloured = Drawn(hasColours: true);
        Assert.Equal(plain.Lines, coloured.Lines);
        Assert.Equal(0, plain.Colours);
        Assert.True(coloured.Colours > 0);
    }

    private TerminalScreen Drawn(bool hasColours)
    {
        var screen = new TerminalScreen(80, 24);
        var meter = new ProgressMeter("download", 10, _time);
        var work = new TaskCompletionSource<bool>();
        _ = new TerminalReporter(screen, screen, new Terminal(80, hasColours), _time).MeasureAsync(meter, () => work.Task);
        meter.AdvanceLink(isKept: true);
        meter.AdvanceLink(isKept: false);
        _time.Advance(10 * Step);
        IReadOnlyList<string> lines = screen.Lines;
        Assert.EndsWith(" 2 of 10", lines[0], StringComparison.Ordinal);
        Assert.Equal("kept 1 · dead 1", lines[1]);
        return screen;
    }

    private static double Done(string line) => double.Parse(Regex.Match(line, "[█░] (?<done>[0-9,]+)", RegexOptions.NonBacktracking).Groups[1].Value.Replace(",", ""));

    // 43,000 links in 300 s, and 17 pictures a second for records, in batches of 16.
    private static JobsProtocol.JobStatus At(double seconds)
    {
        long fetched = Math.Min(Links, (long)(seconds / 300 * Links)), survivors = fetched * Kept / Links, embedded = Math.Min(Kept, Math.Min(survivors, (long)(seconds * 17)) / 16 * 16);
        bool isResolved = fetched == Links;
        embedded = isResolved && seconds * 17 >= Kept ? Kept : embedded;
        return new JobsProtocol.JobStatus
        {
            Job = new JobId("birds-1"),
            Data = "birds",
            Source = "links.txt",
            Phase = JobsProtocol.JobPhase.Working,
            Until = JobEnd.Records,
            Links = Links,
            Resolved = fetched,
            Survivors = survivors,
            Failed = fetched - survivors,
            Outcomes = new Dictionary<string, long> { ["kept"] = isResolved ? Kept : 0, ["dns"] = isResolved ? Links - Kept : 0 },
            RecordsReady = isResolved ? Kept / 500 : (int)(survivors / 500),
            RecordsWritten = (int)(embedded / 500),
            Pictures = embedded,
        };
    }

    private sealed record Terminal(int Width, bool HasColours) : ITerminal
    {
        public int Width { get; set; } = Width;

        public bool IsUnicode => true;

        public (int Width, int Height) Size => (Width, 24);
    }
}
