using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Koalarization.Integration;

/// <summary>Signals to processes that a test started.</summary>
internal static partial class Signals
{
    /// <summary>SIGINT, as Ctrl-C sends it.</summary>
    public static int Interrupt(Process process) => kill(process.Id, 2);

    /// <summary>SIGHUP, as a terminal that is closed sends it.</summary>
    public static int HangUp(Process process) => kill(process.Id, 1);

    /// <summary>SIGTERM, as a supervisor sends it.</summary>
    public static int Terminate(Process process) => kill(process.Id, 15);

    /// <summary>SIGSTOP: it stands still, and does not know.</summary>
    public static int Stop(Process process) => kill(process.Id, 19);

    /// <summary>SIGCONT.</summary>
    public static int Continue(Process process) => kill(process.Id, 18);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
