using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Koalarization.Checkpoints.Binary;

/// <summary>
/// A memory-mapped file. Its length is taken once: a file that another program shortens while it is mapped ends this process
/// (SIGBUS), as with any mapping. One that is replaced by renaming another over it is safe, the mapping keeps the old one.
/// </summary>
internal sealed unsafe class MappedFile : ByteSource
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly SafeMemoryMappedViewHandle _handle;
    private readonly byte* _start;

    private MappedFile(string path, long length, MemoryMappedFile file)
        : base(path, length)
    {
        _file = file;
        _view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _handle = _view.SafeMemoryMappedViewHandle;
        _start = (byte*)_handle.DangerousGetHandle() + _view.PointerOffset;
    }

    /// <summary>Maps a file for reading.</summary>
    /// <exception cref="CheckpointException">It is missing, or may not be read.</exception>
    public static ByteSource Open(string path)
    {
        try
        {
            using SafeFileHandle handle = System.IO.File.OpenHandle(path);
            long length = RandomAccess.GetLength(handle);
            if (length == 0)
            {
                // An empty range cannot be mapped.
                return new MemorySource(path, ReadOnlyMemory<byte>.Empty);
            }

            var file = MemoryMappedFile.CreateFromFile(handle, null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            return new MappedFile(path, length, file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException(CheckpointCheck.Missing, path, null, "there is no such file", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or NotSupportedException or IOException)
        {
            throw new CheckpointException(CheckpointCheck.Missing, path, null, "the file cannot be read", e);
        }
    }

    public override Hold KeepReadable() => new(_handle);

    public override void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    protected override ReadOnlySpan<byte> View(long offset, int length) => new(_start + offset, length);
}
