using System.Diagnostics;
using System.Reflection;

namespace Koalarization.Benchmarks;

/// <summary>
/// <c>koala run</c> as a process: planning a long list, of which no link needs a network, and how soon a run is where it was when all slices are
/// resolved. Peak memory is the system's own account.
/// </summary>
internal static class RunStartBenchmark
{
    private const int LinksPerSlice = 512;

    private static readonly string Koala = Path.GetFullPath(
        typeof(RunStartBenchmark).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "KoalaExecutable").Value!);

    public static void Run(string[] args)
    {
        int slices = args.Length > 0 ? int.Parse(args[0]) : 2000;
        int rounds = args.Length > 1 ? int.Parse(args[1]) : 7;
        string folder = Directory.CreateTempSubdirectory("koala-benchmark-").FullName;
        try
        {
            File.WriteAllLines(
                Path.Combine(folder, "links.txt"),
                Enumerable.Range(0, slices * LinksPerSlice).Select(i => $"n{i % 1000:d8}_{i} httpx://farm{i % 9}.static.example.org/{i * 7919L % 1000003}/{i:d10}_abcdef.jpg"));
            (double seconds, long peak) = Measure(folder);
            Console.WriteLine($"first run, {slices * LinksPerSlice:N0} links to {slices:N0} slices: {seconds:f1} s, {peak / 1e6:f0} MB at most");
            (double Seconds, long Peak)[] starts = [.. Enumerable.Range(0, rounds).Select(_ => Measure(folder))];
            Console.WriteLine(
                $"started again, {slices:N0} finished slices, {rounds} times: {starts.Min(start => start.Seconds):f2} s best, " +
                $"{starts.Select(start => start.Seconds).Order().ElementAt(rounds / 2):f2} s median, {starts.Max(start => start.Peak) / 1e6:f0} MB at most");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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

    private static (double Seconds, long PeakBytes) Measure(string folder)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(Koala, ["run", "links.txt", "data", "--until", "resize"])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        long peak = 0;
        while (!process.WaitForExit(10))
        {
            peak = Math.Max(peak, PeakOf(process));
        }

        return process.ExitCode == 1
            ? (Stopwatch.GetElapsedTime(start).TotalSeconds, peak)
            : throw new InvalidOperationException($"koala run ended with {process.ExitCode}.");
    }
}
