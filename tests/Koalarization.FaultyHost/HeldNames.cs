using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Koalarization.FaultyHost;

/// <summary>A store that holds its process before a file gets its name.</summary>
internal static partial class HeldNames
{
    private const int SigStop = 19;

    /// <summary>
    /// <c>KOALA_TEST_STOP=PART:FILE</c>: the first that comes to a name with the part in it, of all processes, writes its process id to the file and stops
    /// until it is continued. <c>KOALA_TEST_HANG=FILE</c>: while the file exists no name is given, as by a disk that hangs. <c>KOALA_TEST_STALL=S</c>: the disk
    /// hangs in the first half of every 2 S seconds.
    /// </summary>
    public static Action<string>? FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable("KOALA_TEST_STOP")?.Split(':', 2) is [var part, var file])
        {
            return name => StopOnce(name, part, file);
        }

        if (int.TryParse(Environment.GetEnvironmentVariable("KOALA_TEST_STALL"), out int seconds))
        {
            return _ => SpinWait.SpinUntil(() => Environment.TickCount64 / 1000 / seconds % 2 == 1);
        }

        return Environment.GetEnvironmentVariable("KOALA_TEST_HANG") is string hang ? _ => SpinWait.SpinUntil(() => !File.Exists(hang)) : null;
    }

    private static void StopOnce(string name, string part, string file)
    {
        if (!name.Contains(part, StringComparison.Ordinal))
        {
            return;
        }

        try
        {
            using var claim = new StreamWriter(new FileStream(file, FileMode.CreateNew));
            claim.Write(Environment.ProcessId);
        }
        catch (IOException)
        {
            return;
        }

        if (kill(Environment.ProcessId, SigStop) != 0)
        {
            throw new InvalidOperationException($"{Process.GetCurrentProcess().ProcessName} cannot be stopped.");
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
