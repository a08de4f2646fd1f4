using Koalarization.Records.Compression;
using Koalarization.Records.Framing;

namespace Koalarization.Koala.Compress;

/// <summary>Reads the records of a plain, gzip, zlib or zstd file. Every checksum is checked.</summary>
internal sealed class PackedRecords : IDisposable
{
    private readonly FileStream _file;
    private readonly ZstdFrames? _frames;

    private PackedRecords(string path)
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        try
        {
            _frames = ZstdFrames.Begin(_file) ? new ZstdFrames(path, _file) : null;
            Reader = new TFRecordReader(_frames ?? (Stream)_file, path, _frames is null ? null : RecordCompression.None);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public TFRecordReader Reader { get; }

    public Packing Packing => _frames is not null ? Packing.Zstd : Reader.Compression switch
    {
        RecordCompression.Gzip => Packing.Gzip,
        RecordCompression.Zlib => Packing.Zlib,
        _ => Packing.None,
    };

    /// <summary>How many bytes of the file on disk were read.</summary>
    public long BytesRead => _file.Position;

    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidDataException">It begins as a zstd archive and is not one.</exception>
    public static PackedRecords Open(string path) => new(path);

    /// <summary>Reads the next record; false at the file's end.</summary>
    /// <param name="record">The record's data, which the next call overwrites.</param>
    /// <exception cref="IOException">The file is damaged or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> record) => Reader.TryRead(out record);

    public void Dispose()
    {
        Reader.Dispose();
        _frames?.Dispose();
        _file.Dispose();
    }
}
