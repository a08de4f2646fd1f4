using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Koalarization.Benchmarks.Race;

/// <summary>What a command took.</summary>
/// <param name="Output">Its standard output.</param>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="Processor">Seconds of processor time, its children included.</param>
internal sealed partial record Command(string Output, double Seconds, double Processor)
{
    private const int Children = -1;

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static Command Run(string folder, string program, params string[] words)
    {
        double before = ProcessorSeconds();
        long start = Stopwatch.GetTimestamp();
        using Process process = Start(folder, program, words);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return process.ExitCode == 0
            ? new Command(output, seconds, ProcessorSeconds() - before)
            : throw new InvalidOperationException($"{program} {string.Join(' ', words)} ended with {process.ExitCode}: {output}{errors.GetAwaiter().GetResult()}");
    }

    /// <summary>Starts a command that goes on.</summary>
    public static Process Start(string folder, string program, params string[] words) => Process.Start(new ProcessStartInfo(program, words)
    {
        WorkingDirectory = folder,
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    // Of all children that have ended.
    private static double ProcessorSeconds()
    {
        _ = getrusage(Children, out Usage usage);
        return usage.UserSeconds + usage.SystemSeconds + ((usage.UserMicroseconds + usage.SystemMicroseconds) / 1e6);
    }

    [LibraryImport("libc")]
    private static partial int getrusage(int who, out Usage usage);

    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Usage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
        public fixed long Rest[14];
    }
}
