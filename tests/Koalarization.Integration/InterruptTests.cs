using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Koalarization.Integration;

/// <summary>
/// Interrupts at random moments while the network computes. <c>KOALA_INTERRUPTS</c> says how many each test makes; the hundred of a release are
/// <c>KOALA_INTERRUPTS=50 dotnet test -c Release tests/Koalarization.Integration --filter FullyQualifiedName~InterruptTests</c>, with other work on every core.
/// </summary>
public sealed class InterruptTests : IDisposable
{
    private static readonly int Interrupts =
        int.TryParse(Environment.GetEnvironmentVariable("KOALA_INTERRUPTS"), CultureInfo.InvariantCulture, out int interrupts) ? interrupts : 3;

    private readonly TemporaryFolder _folder = new();
    private readonly ITestOutputHelper _output;

    public InterruptTests(ITestOutputHelper output)
    {
        _output = output;
        string pictures = Directory.CreateDirectory(_folder["pictures"]).FullName;
        foreach (string file in Directory.GetFiles(Golden.PathOf("resized_299x299/files")).Order(StringComparer.Ordinal).Take(8))
        {
            File.Copy(file, Path.Combine(pictures, Path.GetFileName(file)));
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_that_is_interrupted_while_the_network_computes_ends_in_order() =>
        await InterruptAsync(folder => ["run", "pictures", folder, "-c", "random:0", "-b", "2", "--image-name-prefix", "resized/"]);

    [Fact]
    public async Task A_lab_batch_that_is_interrupted_while_the_network_computes_ends_in_order() =>
        await InterruptAsync(folder => ["lab-batch", "pictures", folder, "-c", "random:0", "-b", "2"]);

    [Fact]
    public async Task A_second_interrupt_ends_the_program_at_once()
    {
        // A node leaves its cluster first, which takes seconds.
        Directory.CreateDirectory(_folder["store"]);
        using Process process = KoalaProcess.Start(_folder.Path, "node", "--roles", "control,fetch", "--store", "store", "--port", "0", "--http", "0");
        Task<KoalaRun> end = KoalaProcess.EndAsync(process);
        await KoalaProcess.UntilAsync(() => File.Exists(_folder["store/.koala/members.json"]));
        Signals.Interrupt(process);
        long first = Stopwatch.GetTimestamp();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        await pause.WaitForNextTickAsync();
        Signals.Interrupt(process);
        KoalaRun run = await end;
        Assert.Equal(130, run.ExitCode);
        Assert.True(Stopwatch.GetElapsedTime(first) < TimeSpan.FromSeconds(2), run.Errors);
    }

    [Fact]
    public async Task A_run_that_waits_for_its_standard_input_ends_within_a_second()
    {
        using Process process = KoalaProcess.Start(_folder.Path, "run", "-", "data", "--until", "download");
        Task<KoalaRun> end = KoalaProcess.EndAsync(process);
        await KoalaProcess.UntilAsync(() => Directory.Exists(_folder["data/.koala/tmp"]));
        long start = Stopwatch.GetTimestamp();
        Signals.Interrupt(process);
        Assert.Equal(130, (await end).ExitCode);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5), "it took as long as a command may take to end");
        Assert.False(Directory.Exists(_folder["data"]));
    }

    [Fact]
    public async Task A_terminal_that_is_closed_ends_a_run_as_SIGTERM_does()
    {
        using Process process = KoalaProcess.Start(_folder.Path, "run", "pictures", "data", "--device", "simulated:1");
        Task<KoalaRun> end = KoalaProcess.EndAsync(process);
        await KoalaProcess.UntilAsync(() => Directory.Exists(_folder["data/.koala/slices"]));
        Signals.HangUp(process);
        KoalaRun run = await end;
        Assert.Equal(130, run.ExitCode);
        Assert.Contains("Stopping...", run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["data/.koala/tmp"]));
    }

    private async Task InterruptAsync(Func<string, string[]> words)
    {
        long start = Stopwatch.GetTimestamp();
        KoalaRun undisturbed = await KoalaProcess.RunAsync(_folder.Path, words("undisturbed"));
        TimeSpan duration = Stopwatch.GetElapsedTime(start);
        Assert.True(undisturbed.ExitCode == 0, undisturbed.Errors);
        IReadOnlyDictionary<string, string> expected = KillMoments.Everything(_folder["undisturbed"]);
        TimeSpan longest = TimeSpan.Zero;
        int interrupted = 0;
        for (int seed = 0; seed < Interrupts; seed++)
        {
            (KoalaRun run, TimeSpan stopping) = await InterruptAsync(words("data"), duration * new Random(seed).NextDouble());
            Assert.True(run.ExitCode is 130 or 0, $"seed {seed}: {run.ExitCode} {run.Output}{run.Errors}");
            interrupted += run.ExitCode == 130 ? 1 : 0;
            longest = stopping > longest ? stopping : longest;
            Assert.True(run.ExitCode == 0 || run.Errors.Contains("Stopping...", StringComparison.Ordinal), run.Errors);

            KoalaRun next = await KoalaProcess.RunAsync(_folder.Path, words("data"));
            Assert.True(next.ExitCode == 0, $"seed {seed}: {next.Errors}");
            Assert.Equal(Records(expected), Records(KillMoments.Everything(_folder["data"])));
            Directory.Delete(_folder["data"], recursive: true);
        }

        _output.WriteLine($"{interrupted} of {Interrupts} interrupted, {duration.TotalSeconds:0} s undisturbed; stopping took {longest.TotalSeconds:0.0} s at most");
        Assert.NotEqual(0, interrupted);
    }

    private async Task<(KoalaRun Run, TimeSpan Stopping)> InterruptAsync(string[] words, TimeSpan moment)
    {
        using Process process = KoalaProcess.Start(_folder.Path, words);
        process.StandardInput.Close();

        // From the first output on: before it there is nothing to stop.
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string first = await process.StandardError.ReadLineAsync() ?? "";
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(moment);
        await process.WaitForExitAsync(patience.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        long signalled = Stopwatch.GetTimestamp();
        if (!process.HasExited)
        {
            Signals.Interrupt(process);
        }

        await process.WaitForExitAsync();
        return (new KoalaRun(process.ExitCode, await output, first + await errors), Stopwatch.GetElapsedTime(signalled));
    }

    // The same records, pictures and state of the links: what is published once.
    private static IEnumerable<KeyValuePair<string, string>> Records(IReadOnlyDictionary<string, string> tree) =>
        tree.Where(file => file.Key.EndsWith(".tfrecord", StringComparison.Ordinal)).OrderBy(file => file.Key, StringComparer.Ordinal);
}
