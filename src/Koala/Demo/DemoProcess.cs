using System.Diagnostics;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;
using Koalarization.Pipeline.Resizing;

namespace Koalarization.Koala.Demo;

/// <summary>Runs the program's commands as its user does, each in a process of its own, with this one's terminal.</summary>
internal sealed class DemoProcess(bool json, IReporter reporter)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs a command to its end, or kills it.</summary>
    /// <param name="command">The command's words.</param>
    /// <param name="isTimeToKill">Says when it is to be killed, without a word.</param>
    /// <returns>Its exit code; null when it was killed.</returns>
    public async Task<int?> RunAsync(string[] command, Func<bool> isTimeToKill, CancellationToken cancellation)
    {
        reporter.Report(new CommandRun(DemoCommand.LineOf(command)));
        using Process process = Process.Start(OwnProgram.With(json ? [.. command, CommonOptions.Json.Name] : command))!;
        Task ended = process.WaitForExitAsync(CancellationToken.None);
        try
        {
            while (await Task.WhenAny(ended, Task.Delay(BetweenLooks, cancellation)) != ended)
            {
                cancellation.ThrowIfCancellationRequested();
                if (isTimeToKill())
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
