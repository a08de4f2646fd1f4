using Microsoft.Win32.SafeHandles;

namespace Koalarization.Dataset.Storage;

/// <summary>A file in a temporary folder.</summary>
internal sealed class FileDraft : IDraft
{
    private readonly FileStream _content;

    public FileDraft(string path)
    {
        Path = path;
        _content = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    public string Path { get; }

    public Stream Content => _content;

    public void Close() => _content.Dispose();

    /// <summary>Makes the content durable, whether the file is still open for writing or not.</summary>
    public void Flush()
    {
        Close();
        using SafeFileHandle file = File.OpenHandle(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(file);
    }

    public void Dispose()
    {
        Close();
        try
        {
            File.Delete(Path);
        }
        catch (DirectoryNotFoundException)
        {
            // The temporary folder was removed, and the file with it.
        }
    }
}
