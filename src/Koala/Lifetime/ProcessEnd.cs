using System.Runtime.InteropServices;

namespace Koalarization.Koala.Lifetime;

/// <summary>
/// Ends the process at once, without exit handlers: those of libtorch free what its threads still use. For files it is as kill -9, which every data set survives.
/// </summary>
internal static partial class ProcessEnd
{
    private const int StandardInput = 0;
    private const int StandardError = 2;
    private const int Now = 0;

    // Larger than a struct termios of any system.
    private static readonly byte[] Terminal = new byte[256];
    private static bool _hasTerminal;

    /// <summary>Keeps the terminal's settings, which exit handlers would restore.</summary>
    public static void KeepTerminal() => _hasTerminal = tcgetattr(StandardInput, Terminal) == 0;

    /// <summary>Ends the process while its command works.</summary>
    public static void AtOnce(int exitCode)
    {
        if (!Console.IsErrorRedirected && tcgetpgrp(StandardError) == getpgrp())
        {
            // The shell's prompt begins a line.
            _ = write(StandardError, "\n"u8, 1);
        }

        With(exitCode);
    }

    /// <summary>Ends the process when its command has ended.</summary>
    public static void With(int exitCode)
    {
        // In the background it would be stopped.
        if (_hasTerminal && tcgetpgrp(StandardInput) == getpgrp())
        {
            _ = tcsetattr(StandardInput, Now, Terminal);
        }

        _exit(exitCode);
    }

    [LibraryImport("libc")]
    private static partial int tcgetattr(int descriptor, byte[] settings);

    [LibraryImport("libc")]
    private static partial int tcsetattr(int descriptor, int when, byte[] settings);

    [LibraryImport("libc")]
    private static partial int tcgetpgrp(int descriptor);

    [LibraryImport("libc")]
    private static partial int getpgrp();

    [LibraryImport("libc")]
    private static partial nint write(int descriptor, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc")]
    private static partial void _exit(int exitCode);
}
