using System.IO.Compression;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Storage;
using Koalarization.Records.Compression;
using Koalarization.Records.Framing;

namespace Koalarization.Dataset.Records;

/// <summary>
/// One TFRecord while it is written: Examples are appended to a draft in the record's order, and <see cref="Commit"/> makes the draft the record.
/// Disposed without that, it leaves nothing. Thread-safe, because a stream that fails may leave a task behind that still appends.
/// </summary>
public sealed class RecordAssembler : IDisposable
{
    private readonly Lock _gate = new();
    private readonly RecordCommit _commit;
    private readonly IDraft _draft;
    private readonly HashingStream _hashing;
    private readonly TFRecordWriter _writer;
    private readonly List<double> _chroma = [];
    private readonly List<LeftOutPicture> _leftOut = [];
    private ColourStatistics _statistics = ColourStatistics.None;
    private bool _isDisposed;

    internal RecordAssembler(IDataStore store, RecordLayout layout, int number, RecordCompression compression)
    {
        _commit = new RecordCommit(store, layout, number);
        _draft = store.NewDraft();
        _hashing = new HashingStream(_draft.Content);
        _writer = new TFRecordWriter(_hashing, compression, CompressionLevel.Optimal);
    }

    /// <summary>Appends one encoded Example.</summary>
    /// <param name="example">Its bytes; free again when this returns.</param>
    /// <param name="colours">The sums over its pixels.</param>
    public void Append(ReadOnlySpan<byte> example, PictureColours colours)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _writer.Append(example);
            _statistics += colours.Statistics;
            _chroma.Add(colours.Chroma);
        }
    }

    /// <summary>Notes a picture of the plan that the record does not have.</summary>
    public void LeaveOut(LeftOutPicture picture)
    {
        lock (_gate)
        {
            _leftOut.Add(picture);
        }
    }

    /// <summary>Makes the record durable under its final name. Where another writer committed the same record before, that one is kept.</summary>
    /// <param name="key">The pipeline key.</param>
    /// <param name="origin">The survivors that it was made of, where it is part of a round.</param>
    /// <returns>The manifest of the committed record: this one's, or the other writer's.</returns>
    /// <exception cref="RecordConflictException">Something else has the record's name; it stays as it is.</exception>
    public RecordManifest Commit(string key, RecordOrigin? origin = null)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _writer.Complete();
            var manifest = new RecordManifest(
                _commit.Number, (int)_writer.Records, _hashing.Length, _hashing.Sha256(), [.. _leftOut], key, origin, _statistics, [.. _chroma]);
            return _commit.Run(_draft, manifest);
        }
    }

    /// <summary>Closes the draft; what was not committed is removed.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _writer.Dispose();
            _hashing.Dispose();
            _draft.Dispose();
        }
    }
}
