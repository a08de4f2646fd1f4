using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Koalarization.Dataset.Storage;

/// <summary>
/// A data set in a folder of a file system that this machine has mounted. Contents are written to a temporary folder on the same file system,
/// and linked to their names.
/// </summary>
public sealed class FileDataStore : IDataStore
{
    private const int TriesToRemove = 5;

    private readonly string _root;
    private readonly string? _temporary;
    private readonly FolderMaker _folders;

    // Held while a draft's file is made, so that none is made in a store that is closed. One folder takes one new file at a time anyway.
    private readonly Lock _gate = new();
    private bool _closed;
    private long _next;

    /// <param name="root">The data set's folder; it exists.</param>
    /// <param name="temporary">
    /// The temporary space, below the root: a name that no other process uses. Made here, and never again. Null for one who only reads.
    /// </param>
    public FileDataStore(string root, string? temporary = null)
    {
        _root = root;
        _folders = new FolderMaker(root);
        if (temporary is not null)
        {
            _temporary = PathOf(temporary);
            EnsureTemporary(_temporary);
        }
    }

    /// <summary>The folder of the temporary space.</summary>
    /// <exception cref="InvalidOperationException">The store is for reading only.</exception>
    public string TemporaryFolder => _temporary ?? throw new InvalidOperationException("This store is for reading only.");

    /// <summary>Called with each name before a content gets it, so that a test can hold a process there; null: not called.</summary>
    public Action<string>? BeforeName { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder)
    {
        try
        {
            List<string> names = [.. Directory.EnumerateFileSystemEntries(PathOf(folder)).Select(entry => Path.GetFileName(entry))];
            names.Sort(StringComparer.Ordinal);
            return names;
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public long? SizeOf(string name) => new FileInfo(PathOf(name)) is { Exists: true } file ? file.Length : null;

    /// <inheritdoc/>
    /// <exception cref="NotRegularFileException">It is a pipe or the like, on which opening would wait.</exception>
    public Stream Open(string name)
    {
        if (Posix.IsNoRegularFile(PathOf(name)))
        {
            throw new NotRegularFileException(PathOf(name));
        }

        try
        {
            return new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.SequentialScan);
        }
        catch (DirectoryNotFoundException missing)
        {
            throw new FileNotFoundException($"{PathOf(name)} does not exist.", PathOf(name), missing);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The store was closed, as when a stream ends while some of its tasks still run.</exception>
    public IDraft NewDraft()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            return new FileDraft(Path.Combine(TemporaryFolder, (++_next).ToString("x8", CultureInfo.InvariantCulture)));
        }
    }

    /// <inheritdoc/>
    public void Flush(IReadOnlyCollection<IDraft> drafts)
    {
        if (drafts.Count == 1)
        {
            foreach (IDraft draft in drafts)
            {
                ((FileDraft)draft).Flush();
            }
        }
        else if (drafts.Count > 1)
        {
            Posix.FlushFileSystem(TemporaryFolder);
        }
    }

    /// <inheritdoc/>
    public bool Publish(IDraft draft, string name)
    {
        var file = (FileDraft)draft;
        file.Close();
        bool published = WithFolder(name, path => PublishOnce.TryPublish(file.Path, path));
        file.Dispose();
        return published;
    }

    /// <inheritdoc/>
    /// <exception cref="FileNotFoundException">Nothing has the first name.</exception>
    public bool PublishAlso(string existing, string name)
    {
        int error = WithFolder(name, path => PublishOnce.TryLink(PathOf(existing), path));
        return error switch
        {
            0 => true,
            Posix.AlreadyExists => false,
            Posix.NoSuchFile => throw new FileNotFoundException($"{PathOf(existing)} does not exist.", PathOf(existing)),

            // Linking what another user wrote may be forbidden (fs.protected_hardlinks), or this mount has no hard links.
            Posix.NotPermitted or Posix.AccessDenied or Posix.NotSupported or Posix.TooManyLinks => PublishCopy(existing, name),
            _ => throw Posix.Failed("publish", PathOf(name), error),
        };
    }

    /// <inheritdoc/>
    public void Replace(IDraft draft, string name)
    {
        var file = (FileDraft)draft;
        file.Close();
        string path = PathOf(name);
        _folders.Ensure(Path.GetDirectoryName(path)!);
        File.Move(file.Path, path, overwrite: true);
    }

    /// <inheritdoc/>
    public void FlushNames(string folder)
    {
        string path = PathOf(folder);
        if (Directory.Exists(path))
        {
            Posix.FlushFolder(path);
        }
    }

    /// <inheritdoc/>
    public void Remove(string name)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (DirectoryNotFoundException)
        {
            // Then the file is not there either.
        }
    }

    /// <summary>Removes a folder with all that is in it. Several may remove one at the same time.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public void RemoveFolder(string folder) => RemoveTree(PathOf(folder));

    /// <summary>Removes a folder, unless something is in it, or comes into it meanwhile.</summary>
    public void RemoveEmptyFolder(string folder)
    {
        try
        {
            Directory.Delete(PathOf(folder), recursive: false);
        }
        catch (IOException)
        {
            // It is not empty, or it is gone already.
        }
    }

    /// <summary>Removes the temporary space with every draft in it; no draft is begun afterwards.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        if (_temporary is not null)
        {
            RemoveTree(_temporary);
        }
    }

    /// <summary>The path of a name.</summary>
    public string PathOf(string name) => name.Length == 0 ? _root : Path.Combine(_root, name);

    private static void RemoveTree(string path)
    {
        // What another takes away meanwhile, or a process that is not quite gone still puts there, makes one try fail.
        for (int tries = 1; Directory.Exists(path); tries++)
        {
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (IOException) when (tries < TriesToRemove || !Directory.Exists(path))
            {
                // The next check shows what is left.
            }
        }
    }

    private void EnsureTemporary(string path)
    {
        try
        {
            _folders.Ensure(path);
        }
        catch (DirectoryNotFoundException)
        {
            // The folder around it was empty, and another who ends took it away.
            _folders.Ensure(path);
        }
    }

    private bool PublishCopy(string existing, string name)
    {
        using IDraft copy = NewDraft();
        using (Stream from = Open(existing))
        {
            from.CopyTo(copy.Content, 1 << 20);
        }

        Flush([copy]);
        return Publish(copy, name);
    }

    // A missing folder shows in the call itself: looking for it before every publish would cost more than all the folders ever made.
    private T WithFolder<T>(string name, Func<string, T> publish)
        where T : struct
    {
        BeforeName?.Invoke(name);
        string path = PathOf(name);
        try
        {
            return publish(path);
        }
        catch (DirectoryNotFoundException)
        {
            _folders.Ensure(Path.GetDirectoryName(path)!);
            return publish(path);
        }
    }

    /// <summary>A file in a temporary folder.</summary>
    private sealed class FileDraft : IDraft
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
}
