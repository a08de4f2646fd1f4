using System.IO.Compression;
using Koalarization.Records.Compression;
using Koalarization.Records.Framing;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Koalarization.Koala.Compress;

/// <summary>Writes records to a new packed file. The file is valid only after <see cref="Complete"/>.</summary>
internal sealed class PackedWriter : IDisposable
{
    private readonly FileStream _file;
    private readonly CompressionStream? _frame;
    private readonly TFRecordWriter _writer;

    /// <param name="path">A temporary path.</param>
    /// <param name="packing">How the file is packed.</param>
    /// <param name="level">The compression level: 1 to 9 for gzip and zlib, 1 to 22 for zstd.</param>
    public PackedWriter(string path, Packing packing, int level)
    {
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        if (packing == Packing.Zstd)
        {
            _frame = new CompressionStream(_file, level, leaveOpen: true);
            _frame.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
            _writer = new TFRecordWriter(_frame);
        }
        else
        {
            RecordCompression compression = packing switch
            {
                Packing.Gzip => RecordCompression.Gzip,
                Packing.Zlib => RecordCompression.Zlib,
                _ => RecordCompression.None,
            };
            _writer = new TFRecordWriter(_file, compression, new ZLibCompressionOptions { CompressionLevel = level });
        }
    }

    /// <summary>The length of the file before packing.</summary>
    public long PlainBytes => _writer.UncompressedBytes;

    public void Append(ReadOnlySpan<byte> record) => _writer.Append(record);

    /// <summary>Ends the file and makes it durable.</summary>
    /// <returns>Its length.</returns>
    public long Complete()
    {
        _writer.Complete();
        _frame?.Dispose();
        _file.Flush(flushToDisk: true);
        return _file.Length;
    }

    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }
}
