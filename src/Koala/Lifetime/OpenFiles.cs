using System.Runtime.InteropServices;
using Koalarization.Koala.Commands;

namespace Koalarization.Koala.Lifetime;

/// <summary>How many files and connections the system lets this process have open at once.</summary>
internal static partial class OpenFiles
{
    /// <summary>What every command needs: the program's own files are open while they are loaded.</summary>
    public const int ForAnyCommand = 64;

    /// <summary>What a command needs that reads pictures and writes files.</summary>
    public const int ForPictures = 160;

    /// <summary>What a command needs that fetches or has actors, without the connections of its links.</summary>
    public const int ForCluster = 320;

    private const int FilesOfLink = 2;
    private const int OpenFilesResource = 7;

    /// <summary>The limit. The runtime has raised it as far as it may.</summary>
    public static long Limit => getrlimit(OpenFilesResource, out Resource limit) == 0 ? (long)Math.Min(limit.Current, int.MaxValue) : int.MaxValue;

    /// <summary>The links that can be fetched at once.</summary>
    public static int Links => (int)Math.Clamp((Limit - ForCluster) / FilesOfLink, 0, int.MaxValue);

    /// <exception cref="UserErrorException">The limit is too low.</exception>
    public static void Require(int files, string command)
    {
        if (ShortageOf(files, command) is string shortage)
        {
            throw new UserErrorException(shortage);
        }
    }

    /// <summary>That the limit is too low for what needs so many files, in one sentence; null: it is not.</summary>
    public static string? ShortageOf(int files, string needs) => Limit >= files
        ? null
        : $"only {Limit} files may be open at once, and {needs} needs {files}; raise the limit, for example with 'ulimit -n 4096' (in a service LimitNOFILE=4096).";

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, out Resource limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Resource
    {
        public ulong Current;
        public ulong Maximum;
    }
}
