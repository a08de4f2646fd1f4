using System.Runtime.InteropServices;
using System.Text;

namespace Koalarization.Koala.Lifetime;

/// <summary>The program's standard output and standard error.</summary>
internal static partial class StandardStreams
{
    private const int Streams = 3;
    private const int GetDescriptorFlags = 1;
    private const int CloseOnExec = 1;
    private const int ReadAndWrite = 2;

    private static readonly Lazy<TextWriter> Results = new(() => Writer(1));

    /// <summary>Standard output: results, and with <c>--json</c> all that is reported. <see cref="Console.Out"/> is standard error: what a library prints is no result.</summary>
    public static TextWriter Output => Results.Value;

    /// <summary>Standard output without buffers.</summary>
    public static Stream OpenOutput() => new StandardStream(1);

    /// <summary>
    /// Opens /dev/null on each of the descriptors 0, 1 and 2 that the program was started without. A runtime that has taken such a number for a file of its
    /// own has to be started again. Called before anything else.
    /// </summary>
    public static void Open()
    {
        int[] missing = [.. Enumerable.Range(0, Streams).Where(descriptor => !IsInherited(descriptor))];
        if (missing.Length > 0)
        {
            bool isTaken = missing.Any(descriptor => fcntl(descriptor, GetDescriptorFlags) >= 0);
            int none = open("/dev/null", ReadAndWrite);
            foreach (int descriptor in missing)
            {
                _ = dup2(none, descriptor);
            }

            if (none >= Streams)
            {
                _ = close(none);
            }

            if (isTaken)
            {
                StartAgain();
            }
        }

        // Before anything is printed: the console's own streams take a closed pipe for success.
        Console.SetError(Writer(2));
        Console.SetOut(Console.Error);
    }

    // What the runtime opens is closed on exec; what was inherited is not.
    private static bool IsInherited(int descriptor) => fcntl(descriptor, GetDescriptorFlags) is int flags and >= 0 && (flags & CloseOnExec) == 0;

    private static void StartAgain()
    {
        string[] arguments = File.ReadAllText("/proc/self/cmdline", Encoding.Latin1).Split('\0')[..^1];
        nint[] pointers = [.. arguments.Select(Bytes), 0];
        _ = execv("/proc/self/exe", pointers);
    }

    private static nint Bytes(string argument)
    {
        byte[] bytes = [.. Encoding.Latin1.GetBytes(argument), 0];
        nint pointer = Marshal.AllocHGlobal(bytes.Length);
        Marshal.Copy(bytes, 0, pointer, bytes.Length);
        return pointer;
    }

    private static StreamWriter Writer(int descriptor) =>
        new(new StandardStream(descriptor), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };

    [LibraryImport("libc")]
    private static partial int fcntl(int descriptor, int command);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int dup2(int from, int to);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int execv(string path, nint[] arguments);
}
