using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Koalarization.Integration;

/// <summary>
/// Kills the program at random moments, starts it again until it ends, and compares what it leaves with what an undisturbed run left. The moments are
/// drawn over the time that the undisturbed run took, from seeds: <c>KOALA_KILL_MOMENTS</c> says how many, 20 unless it is set.
/// </summary>
/// <param name="folder">Where the program runs.</param>
/// <param name="words">The program's arguments, for the name of an output folder.</param>
internal sealed class KillMoments(string folder, Func<string, string[]> words)
{
    private static readonly int Moments =
        int.TryParse(Environment.GetEnvironmentVariable("KOALA_KILL_MOMENTS"), CultureInfo.InvariantCulture, out int moments) ? moments : 20;

    /// <summary>What is compared of an output folder: by default every file but the lock.</summary>
    public Func<string, IReadOnlyDictionary<string, string>> Tree { get; init; } = Everything;

    /// <summary>Files that are views and change while the program works: before its end they are not compared.</summary>
    public IReadOnlyCollection<string> Views { get; init; } = [];

    /// <summary>What is looked at besides, in the end.</summary>
    public Func<string, Task> Finished { get; init; } = _ => Task.CompletedTask;

    /// <summary>Runs all moments.</summary>
    /// <returns>How many runs were killed before their end.</returns>
    public async Task<int> AssertNothingIsLostAsync(int exitCode)
    {
        (TimeSpan first, IReadOnlyDictionary<string, string> expected) = await RunUndisturbedAsync("undisturbed", exitCode);
        (TimeSpan second, IReadOnlyDictionary<string, string> again) = await RunUndisturbedAsync("undisturbed-again", exitCode);
        AssertSame(expected, again);

        // Of the faster one, so that most moments come before the end.
        TimeSpan duration = first < second ? first : second;
        int kills = 0;
        for (int seed = 0; seed < Moments; seed++)
        {
            kills += await RunAsync(seed, duration, exitCode, expected);
        }

        return kills;
    }

    /// <summary>Relative paths and hashes of all files but the lock.</summary>
    public static IReadOnlyDictionary<string, string> Everything(string path) =>
        Directory.Exists(path)
            ? Directory.GetFiles(path, "*", SearchOption.AllDirectories)
                .Where(file => !file.EndsWith("/.koala/lock", StringComparison.Ordinal))
                .ToDictionary(file => Path.GetRelativePath(path, file), file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))))
            : new Dictionary<string, string>(StringComparer.Ordinal);

    private static void AssertSame(IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> actual) =>
        Assert.Equal(expected.OrderBy(file => file.Key, StringComparer.Ordinal), actual.OrderBy(file => file.Key, StringComparer.Ordinal));

    private async Task<(TimeSpan Duration, IReadOnlyDictionary<string, string> Tree)> RunUndisturbedAsync(string output, int exitCode)
    {
        long start = Stopwatch.GetTimestamp();
        KoalaRun run = await KoalaProcess.RunAsync(folder, words(output));
        TimeSpan duration = Stopwatch.GetElapsedTime(start);
        Assert.True(run.ExitCode == exitCode, run.Output + run.Errors);
        return (duration, Tree(Path.Combine(folder, output)));
    }

    private async Task<int> RunAsync(int seed, TimeSpan duration, int exitCode, IReadOnlyDictionary<string, string> expected)
    {
        var random = new Random(seed);
        string output = string.Create(CultureInfo.InvariantCulture, $"killed-{seed}"), path = Path.Combine(folder, output);
        int kills = 0;
        while (true)
        {
            // Every second time it is killed again on its way back.
            TimeSpan? moment = kills == 0 || random.Next(2) == 0 ? duration * random.NextDouble() : null;
            KoalaRun? run = await RunUntilAsync(moment, output);
            if (run is not null)
            {
                Assert.True(run.ExitCode == exitCode, $"seed {seed}, killed {kills} times: {run.Output}{run.Errors}");
                break;
            }

            kills++;
            Assert.All(
                Tree(path).Where(file => !IsUnfinished(file.Key)),
                file => Assert.True(
                    expected.TryGetValue(file.Key, out string? hash) && hash == file.Value,
                    $"seed {seed}, killed {kills} times: {file.Key} is not what an undisturbed run leaves"));
        }

        AssertSame(expected, Tree(path));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(path, "*", SearchOption.AllDirectories), entry => IsUnfinished(Path.GetRelativePath(folder, entry)));
        await Finished(path);
        Directory.Delete(path, recursive: true);
        return kills;
    }

    private bool IsUnfinished(string file) =>
        file.Contains(".koala/tmp", StringComparison.Ordinal) || file.EndsWith(".data", StringComparison.Ordinal) || Views.Contains(file);

    /// <summary>The run, if it ended by itself before the moment came.</summary>
    private async Task<KoalaRun?> RunUntilAsync(TimeSpan? moment, string output)
    {
        using Process process = KoalaProcess.Start(folder, words(output));
        process.StandardInput.Close();
        Task<KoalaRun> end = KoalaProcess.EndAsync(process);
        if (moment is TimeSpan until)
        {
            using var patience = new CancellationTokenSource(until);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                await end;
                return null;
            }
        }

        return await end;
    }
}
