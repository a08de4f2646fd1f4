using System.IO.Compression;
using Koalarization.Records;

namespace Koalarization.Dataset;

/// <summary>
/// One TFRecord on its way: Examples are appended to a draft, and <see cref="Commit"/> makes it the record.
/// Disposed without that, it leaves nothing. Not thread-safe.
/// </summary>
public sealed class RecordFile : IDisposable
{
    private readonly RecordCommit _commit;
    private readonly IDraft _draft;
    private readonly HashingStream _hashing;
    private readonly TFRecordWriter _writer;
    private readonly List<double> _chroma = [];
    private ColourStatistics _statistics = ColourStatistics.None;

    internal RecordFile(IDataStore store, RecordLayout layout, int number, RecordCompression compression)
    {
        _commit = new RecordCommit(store, layout, number);
        _draft = store.NewDraft();
        _hashing = new HashingStream(_draft.Content);
        _writer = new TFRecordWriter(_hashing, compression, CompressionLevel.Optimal);
    }

    /// <summary>Appends one encoded Example.</summary>
    /// <param name="example">Its bytes; free again when this returns.</param>
    /// <param name="colours">What <see cref="RecordComposer.Compose"/> said of it.</param>
    public void Append(ReadOnlySpan<byte> example, PictureColours colours)
    {
        _writer.Append(example);
        _statistics += colours.Statistics;
        _chroma.Add(colours.Chroma);
    }

    /// <summary>Makes the record durable under its final name. Where another writer committed the same record before, that one holds.</summary>
    /// <param name="key">The pipeline key.</param>
    /// <param name="leftOut">Pictures of the plan that are not in it.</param>
    /// <param name="origin">The survivors that it was made of, where it is part of a round.</param>
    /// <returns>The manifest of the record that stands: this one's, or the other writer's.</returns>
    /// <exception cref="RecordConflictException">Something else has the record's name; it stays as it is.</exception>
    public RecordManifest Commit(string key, IReadOnlyList<LeftOutPicture> leftOut, RecordOrigin? origin = null)
    {
        _writer.Complete();
        var manifest = new RecordManifest(
            _commit.Number, (int)_writer.Records, _hashing.Length, _hashing.Sha256(), leftOut, key, origin, _statistics, [.. _chroma]);
        return _commit.Run(_draft, manifest);
    }

    /// <summary>Lets go of the draft; what was not committed is removed.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _hashing.Dispose();
        _draft.Dispose();
    }
}
