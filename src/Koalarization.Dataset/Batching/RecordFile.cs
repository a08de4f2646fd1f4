using System.IO.Compression;
using System.Security.Cryptography;
using Koalarization.Records;

namespace Koalarization.Dataset;

/// <summary>
/// One TFRecord on its way: Examples are appended to a temporary file, and <see cref="Commit"/> gives the whole file its name.
/// Disposed without that, it leaves nothing. Not thread-safe.
/// </summary>
public sealed class RecordFile : IDisposable
{
    private readonly WorkFolder _work;
    private readonly int _number;
    private readonly string _temporary;
    private readonly FileStream _file;
    private readonly HashingStream _hashing;
    private readonly TFRecordWriter _writer;
    private bool _published;

    /// <summary>Starts record <paramref name="number"/> of the folder.</summary>
    public RecordFile(WorkFolder work, int number, RecordCompression compression)
    {
        _work = work;
        _number = number;
        _temporary = work.NewTemporaryPath();
        _file = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _hashing = new HashingStream(_file);
        _writer = new TFRecordWriter(_hashing, compression, CompressionLevel.Optimal);
    }

    /// <summary>Appends one encoded Example.</summary>
    public void Append(ReadOnlySpan<byte> example) => _writer.Append(example);

    /// <summary>
    /// Makes the file durable, publishes its manifest and then the file itself.
    /// </summary>
    /// <exception cref="RecordConflictException">Something else got the record's name meanwhile; it stays as it is.</exception>
    public RecordManifest Commit(IReadOnlyList<LeftOutPicture> leftOut)
    {
        _writer.Complete();
        _file.Flush(flushToDisk: true);
        var manifest = new RecordManifest(_number, (int)_writer.Records, _file.Length, _hashing.Sha256(), leftOut);
        _file.Dispose();
        manifest.Publish(_work);
        string final = Path.Combine(_work.Folder, new RecordName(_number).ToString());
        _published = PublishOnce.Publish(_temporary, final);
        if (!_published)
        {
            RecordManifest.Forget(_work, _number);
            throw new RecordConflictException($"{final} was put there by something else while it was being written; move it away and start again.");
        }

        PublishOnce.Flush(_work.Folder);
        return manifest;
    }

    /// <summary>Lets go of the file; what was not committed is removed.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _hashing.Dispose();
        _file.Dispose();
        if (!_published)
        {
            File.Delete(_temporary);
        }
    }

    /// <summary>Passes bytes on and hashes them.</summary>
    private sealed class HashingStream(Stream inner) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException();
        }

        public string Sha256() => Convert.ToHexStringLower(_hash.GetHashAndReset());

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _hash.AppendData(buffer);
            inner.Write(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _hash.Dispose();
            base.Dispose(disposing);
        }
    }
}
