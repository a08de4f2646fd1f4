using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Koalarization.Dataset.Storage;

/// <summary>The few calls of the operating system that .NET does not offer: see link(2), renameat2(2), flock(2), fsync(2).</summary>
internal static partial class Posix
{
    public const int NoSuchFile = 2;
    public const int AlreadyExists = 17;
    public const int WouldBlock = 11;
    public const int NotSupported = 95;
    public const int NotPermitted = 1;
    public const int TooManyLinks = 31;
    public const int InvalidArgument = 22;
    public const int AccessDenied = 13;
    public const int OtherFileSystem = 18;
    public const int NoSpace = 28;
    public const int NotImplemented = 38;

    private const int CurrentFolder = -100;
    private const uint NoReplace = 1;
    private const uint StatusModeAndGroup = 0x2 | 0x10;
    private const uint StatusType = 0x1;
    private const uint StatusNumber = 0x100;
    private const uint FileType = 0xF000;
    private const uint RegularFile = 0x8000;
    private const uint DirectoryFile = 0x4000;
    private const int TooManyLinksOnPath = 40;
    private const uint PermissionBits = 0xFFF;
    private const int OpenReadWrite = 2;
    private const int OpenCreate = 0x40;
    private const int CreationMode = 0b110_110_110;
    private const int OpenDirectory = 0x10000;
    private const int OpenCloseOnExec = 0x80000;

    /// <summary>Gives <paramref name="existing"/> a second name. Returns 0, or the error's number.</summary>
    public static int Link(string existing, string name) => link(existing, name) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Renames, failing where the new name exists. Returns 0, or the error's number.</summary>
    public static int RenameNoReplace(string from, string to) =>
        renameat2(CurrentFolder, from, CurrentFolder, to, NoReplace) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Makes the names in a folder durable.</summary>
    /// <exception cref="IOException">The folder cannot be opened or flushed.</exception>
    public static void FlushFolder(string folder)
    {
        int descriptor = open(folder, OpenDirectory | OpenCloseOnExec, 0);
        if (descriptor < 0)
        {
            throw Failed("open", folder);
        }

        try
        {
            if (fsync(descriptor) != 0 && Marshal.GetLastPInvokeError() is not (InvalidArgument or NotSupported))
            {
                throw Failed("flush", folder);
            }
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    /// <summary>Makes everything that was written to a folder's file system durable.</summary>
    /// <exception cref="IOException">The folder cannot be opened, or the file system not flushed.</exception>
    public static void FlushFileSystem(string folder)
    {
        int descriptor = open(folder, OpenDirectory | OpenCloseOnExec, 0);
        if (descriptor < 0)
        {
            throw Failed("open", folder);
        }

        try
        {
            if (syncfs(descriptor) != 0)
            {
                throw Failed("flush", folder);
            }
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    /// <summary>A file's group and permissions; null where they cannot be read.</summary>
    public static (uint Group, uint Mode)? AccessOf(string path)
    {
        // struct statx: stx_mask, stx_blksize (32 bits each), stx_attributes (64), stx_nlink, stx_uid, stx_gid (32 each), stx_mode (16), ...
        Span<uint> status = stackalloc uint[64];
        return statx(CurrentFolder, path, 0, StatusModeAndGroup, ref status[0]) == 0 ? (status[6], status[7] & PermissionBits) : null;
    }

    /// <summary>What a file is, whatever name it has: its device and number there; null where that cannot be read.</summary>
    public static (ulong Device, ulong File)? IdentityOf(string path)
    {
        // struct statx: stx_ino (64 bits) is at byte 32, stx_dev_major and stx_dev_minor (32 each) at 136.
        Span<uint> status = stackalloc uint[64];
        return statx(CurrentFolder, path, 0, StatusNumber, ref status[0]) == 0
            ? (((ulong)status[34] << 32) | status[35], ((ulong)status[9] << 32) | status[8])
            : null;
    }

    /// <summary>Whether a path leads to something else than a file of bytes: a pipe, a socket, a device, or only to itself.</summary>
    public static bool IsNoRegularFile(string path)
    {
        Span<uint> status = stackalloc uint[64];
        return statx(CurrentFolder, path, 0, StatusType, ref status[0]) == 0
            ? (status[7] & FileType) is not (RegularFile or DirectoryFile)
            : Marshal.GetLastPInvokeError() == TooManyLinksOnPath;
    }

    /// <summary>Gives a file a group and permissions, as far as that is allowed.</summary>
    public static void TrySetAccess(string path, uint group, uint mode)
    {
        _ = chown(path, uint.MaxValue, group);
        _ = chmod(path, mode);
    }

    /// <summary>
    /// Opens a file for locking, and makes it where it is missing. .NET's own open takes a lock by itself, in the way of ours.
    /// Where writing is not allowed the file is opened for reading, which flock(2) takes as well.
    /// </summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static SafeFileHandle OpenForLocking(string path)
    {
        int descriptor = open(path, OpenReadWrite | OpenCreate | OpenCloseOnExec, CreationMode);
        if (descriptor < 0)
        {
            descriptor = open(path, OpenCloseOnExec, 0);
        }

        return descriptor < 0 ? throw Failed("open", path) : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Takes the whole-file lock of an open file without waiting. Returns 0, or the error's number.</summary>
    public static int TryLockExclusively(SafeHandle file) => flock(file, 2 | 4) == 0 ? 0 : Marshal.GetLastPInvokeError();

    public static IOException Failed(string what, string path, int? error = null)
    {
        int number = error ?? Marshal.GetLastPInvokeError();
        string why = number == OtherFileSystem
            ? "it is on another file system than the folder .koala beside it; let them be on one"
            : new Win32Exception(number).Message;
        return new IOException($"Cannot {what} {path}: {why}.", number);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string existing, string name);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int syncfs(int descriptor);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, ref uint status);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint owner, uint group);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chmod(string path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeHandle file, int operation);
}
