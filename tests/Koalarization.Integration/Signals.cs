using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Koalarization.Integration;

/// <summary>Signals to processes that a test started.</summary>
internal static partial class Signals
{
    /// <summary>SIGINT, as Ctrl-C sends it.</summary>
    public static int Interrupt(Process process) => kill(process.Id, 2);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
