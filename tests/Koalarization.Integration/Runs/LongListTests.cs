using System.Diagnostics;

namespace Koalarization.Integration.Runs;

/// <summary>A list far longer than memory should hold. None of its links needs a network.</summary>
public sealed class LongListTests : IDisposable
{
    private const int Links = 1_000_000;
    private const long MaxBytes = 300_000_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_million_links_are_planned_and_gone_through_below_300_MB()
    {
        File.WriteAllLines(_folder["links.txt"], Enumerable.Range(0, Links).Select(i => $"n{i % 1000:d8}_{i} httpx://host{i % 9}.example.org/{i:d10}_abcdef.jpg"));
        using Process process = KoalaProcess.Start(_folder.Path, "run", "links.txt", "data", "--until", "resize");
        process.StandardInput.Close();
        Task<KoalaRun> end = KoalaProcess.EndAsync(process);
        long peak = 0;
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!end.IsCompleted && await look.WaitForNextTickAsync())
        {
            peak = Math.Max(peak, PeakOf(process));
        }

        KoalaRun run = await end;
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("data has 0 pictures of 1,000,000 links", run.Output);
        Assert.InRange(peak, 1, MaxBytes);
    }

    private static long PeakOf(Process process)
    {
        try
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
        catch (InvalidOperationException)
        {
            // It ended this moment.
            return 0;
        }
    }
}
