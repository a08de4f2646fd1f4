using System.Diagnostics;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;
using Koalarization.Pipeline.Resizing;

namespace Koalarization.Koala.Demo;

/// <summary>Runs the program's commands as a user does, each in its own process on this terminal.</summary>
internal sealed class DemoProcess(bool json, IReporter reporter)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs a command to its end, or kills it.</summary>
    /// <param name="command">The command line.</param>
    /// <param name="shouldKill">Whether to kill the process (SIGKILL) now; polled.</param>
    /// <returns>Its exit code; null when it was killed.</returns>
    public async Task<int?> RunAsync(string[] command, Func<bool> shouldKill, CancellationToken cancellation)
    {
        reporter.Report(new CommandRun(DemoCommand.LineOf(command)));
        ProcessStartInfo start = OwnProgram.With(json ? [.. command, CommonOptions.Json.Name] : command);

        // The demo's web is on this machine.
        start.Environment["no_proxy"] = $"{System.Environment.GetEnvironmentVariable("no_proxy")},127.0.0.1";
        using Process process = Process.Start(start)!;
        Task ended = process.WaitForExitAsync(CancellationToken.None);
        try
        {
            while (await Task.WhenAny(ended, Task.Delay(PollInterval, cancellation)) != ended)
            {
                cancellation.ThrowIfCancellationRequested();
                if (shouldKill())
                {
                    process.Kill();
                    await ended;
                    return null;
                }
            }

            return process.ExitCode;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
