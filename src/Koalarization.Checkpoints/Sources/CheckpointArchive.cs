using System.Formats.Tar;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Koalarization.Checkpoints.Binary;

namespace Koalarization.Checkpoints.Sources;

/// <summary>
/// Unpacks the checkpoint of a <c>.tar.gz</c>. Entries' names only say what belongs together; the files get names of our own. Links,
/// devices, absolute names and <c>..</c> are refused.
/// </summary>
internal sealed class CheckpointArchive
{
    private const int MaxEntries = 10_000;
    private const int MaxHeaderBytes = 1 << 20;
    private const int MaxStateFileBytes = 1 << 20;
    private const int CopyBytes = 1 << 17;

    private readonly string _name;
    private readonly string _folder;
    private readonly long _maxBytes;
    private readonly Dictionary<string, string> _ownPrefixes = new(StringComparer.Ordinal);
    private readonly List<string> _stateFiles = [];
    private long _unpackedBytes;

    private CheckpointArchive(string name, string folder, long maxBytes)
    {
        _name = name;
        _folder = folder;
        _maxBytes = maxBytes;
    }

    /// <summary>Whether a file begins as gzip does.</summary>
    public static bool IsGzip(string file)
    {
        using ByteSource source = MappedFile.Open(file);
        return source.Slice(0, Math.Min(2, source.Length)) is [0x1F, 0x8B];
    }

    /// <summary>Unpacks the one checkpoint of an archive as <see cref="CheckpointCache.Prefix"/> into an empty folder.</summary>
    /// <param name="archive">The <c>.tar.gz</c>.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="folder">Where to; what is there after an error is the caller's to remove.</param>
    /// <param name="maxBytes">The most bytes that it may unpack to, headers included.</param>
    /// <param name="cancellation">Ends it between two pieces.</param>
    /// <exception cref="CheckpointException">It is damaged, too large, holds something that is refused, or not exactly one checkpoint.</exception>
    public static void Unpack(Stream archive, string name, string folder, long maxBytes, CancellationToken cancellation)
    {
        var unpacking = new CheckpointArchive(name, folder, maxBytes);
        try
        {
            unpacking.UnpackFiles(archive, cancellation);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or InvalidOperationException
            or FormatException or ArgumentException or NotSupportedException or OverflowException or OutOfMemoryException)
        {
            // The tar reader takes memory for as many bytes of header as are claimed, before it reads the first.
            throw new CheckpointException(CheckpointCheck.Archive, name, null, "the archive is damaged, or is no .tar.gz", e);
        }

        unpacking.KeepTheCheckpoint();
    }

    private void UnpackFiles(Stream archive, CancellationToken cancellation)
    {
        using var gzip = new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true);
        using var bounded = new BoundedStream(gzip, Refused("an entry's header is too long"));
        using var tar = new TarReader(bounded);
        for (int count = 0; ; count++)
        {
            cancellation.ThrowIfCancellationRequested();
            bounded.AllowNext(MaxHeaderBytes);
            TarEntry? entry = tar.GetNextEntry();
            if (entry is null)
            {
                break;
            }

            if (count == MaxEntries)
            {
                throw Refused($"the archive holds more than {MaxEntries} entries");
            }

            Count(entry.Length);
            CheckName(entry.Name);
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile)
            {
                bounded.AllowNext(entry.Length + MaxHeaderBytes);
                UnpackFile(entry, cancellation);
            }
            else if (entry.EntryType is not (TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes))
            {
                throw Refused($"the archive holds '{Shown(entry.Name)}', which is neither a file nor a folder ({entry.EntryType}), and is refused");
            }
        }

        DrainChecksum(bounded, cancellation);
    }

    /// <summary>Reads what follows the last entry, padding as a rule, since gzip's checksum is at the very end.</summary>
    private void DrainChecksum(BoundedStream rest, CancellationToken cancellation)
    {
        var buffer = new byte[CopyBytes];
        int read;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            rest.AllowNext(CopyBytes);
            read = rest.Read(buffer);
            Count(read);
        }
        while (read > 0);
    }

    private void UnpackFile(TarEntry entry, CancellationToken cancellation)
    {
        string fileName = entry.Name[(entry.Name.LastIndexOf('/') + 1)..];
        if (entry.DataStream is not Stream data)
        {
            return;
        }

        // What macOS writes beside each file has the file's name behind these two characters.
        if (fileName.StartsWith("._", StringComparison.Ordinal))
        {
            data.CopyTo(Stream.Null);
            return;
        }

        if (string.Equals(fileName, CheckpointFolder.StateFile, StringComparison.Ordinal) && entry.Length <= MaxStateFileBytes)
        {
            using var reader = new StreamReader(data);
            _stateFiles.Add(reader.ReadToEnd());
            return;
        }

        using FileStream file = File.Create(Path.Combine(_folder, OwnName(entry.Name)));
        var buffer = new byte[CopyBytes];
        for (int read; (read = data.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            file.Write(buffer, 0, read);
        }

        file.Flush(flushToDisk: true);
    }

    /// <summary>A name without anything of the entry's but the suffix that numbers a checkpoint's part.</summary>
    private string OwnName(string entryName)
    {
        Match part = CheckpointFiles.PartName().Match(entryName);
        string prefix = part.Success ? part.Groups["prefix"].Value : entryName;
        if (!_ownPrefixes.TryGetValue(prefix, out string? own))
        {
            own = $"c{_ownPrefixes.Count}";
            _ownPrefixes.Add(prefix, own);
        }

        return own + (part.Success ? part.Groups["suffix"].Value : "");
    }

    private void KeepTheCheckpoint()
    {
        CheckpointFiles[] found = [.. CheckpointFolder.List(_folder)];
        if (found.Length > 1)
        {
            string[] named = [.. _stateFiles.Select(CheckpointFolder.ReadStateFile).OfType<string>().Select(FileNameOf)];
            found = [.. found.Where(files => named.Contains(FileNameOf(PackedName(files)), StringComparer.Ordinal))];
            if (found.Length != 1)
            {
                throw new CheckpointException(CheckpointCheck.Ambiguous, _name, null, "the archive holds several checkpoints, so unpack it and name one");
            }
        }

        if (found is not [CheckpointFiles kept])
        {
            throw new CheckpointException(CheckpointCheck.NotACheckpoint, _name, null, "the archive holds no checkpoint");
        }

        string prefix = Path.GetFileName(kept.Prefix);
        foreach (string file in Directory.GetFiles(_folder))
        {
            string name = Path.GetFileName(file);
            Match part = CheckpointFiles.PartName().Match(name);
            if (string.Equals(part.Success ? part.Groups["prefix"].Value : name, prefix, StringComparison.Ordinal))
            {
                File.Move(file, Path.Combine(_folder, CheckpointCache.Prefix + name[prefix.Length..]), overwrite: false);
            }
            else
            {
                File.Delete(file);
            }
        }
    }

    private string PackedName(CheckpointFiles files) =>
        _ownPrefixes.First(own => string.Equals(own.Value, Path.GetFileName(files.Prefix), StringComparison.Ordinal)).Key;

    private void CheckName(string name)
    {
        if (name.StartsWith('/') || name.Split('/', '\\').Contains("..", StringComparer.Ordinal))
        {
            throw Refused($"the archive holds '{Shown(name)}', a name that leads out of its folder, and is refused");
        }
    }

    private void Count(long bytes)
    {
        _unpackedBytes += bytes;
        if (bytes > _maxBytes || _unpackedBytes > _maxBytes)
        {
            throw new CheckpointException(CheckpointCheck.TooLarge, _name, null, $"the archive unpacks to more than the limit of {_maxBytes} bytes");
        }
    }

    private CheckpointException Refused(string fault) => new(CheckpointCheck.Archive, _name, null, fault);

    private static string FileNameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>A stranger's name, fit for one line of a terminal.</summary>
    private static string Shown(string name) => string.Concat(name.Take(80).Select(c => char.IsControl(c) ? '?' : c));

    /// <summary>A stream of an archive's unpacked bytes that gives no more than was allowed, so that no lie in it costs more.</summary>
    private sealed class BoundedStream : Stream
    {
        private readonly Stream _inner;
        private readonly CheckpointException _tooMuch;
        private long _allowed;

        public BoundedStream(Stream inner, CheckpointException tooMuch)
        {
            _inner = inner;
            _tooMuch = tooMuch;
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        /// <summary>Allows so many bytes from here on, and no more of what was allowed before.</summary>
        public void AllowNext(long bytes) => _allowed = bytes;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (_allowed == 0 && !buffer.IsEmpty)
            {
                throw _tooMuch;
            }

            int read = _inner.Read(buffer[..(int)Math.Min(buffer.Length, _allowed)]);
            _allowed -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
