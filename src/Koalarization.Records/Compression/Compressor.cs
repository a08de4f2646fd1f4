using System.IO.Compression;

namespace Koalarization.Records.Compression;

/// <summary>Packs what is written to it into one gzip member or zlib stream; passes it on unchanged for <see cref="RecordCompression.None"/>.</summary>
/// <remarks>
/// It is not disposable on purpose: disposing a packer of .NET writes the trailer, which would make a good file of an abandoned
/// one. The memory of an abandoned packer is freed by its safe handle.
/// </remarks>
internal sealed class Compressor
{
    private static readonly byte[] s_emptyGzip = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] s_emptyZlib = [0x78, 0x9C, 3, 0, 0, 0, 0, 1];

    private readonly Stream _target;
    private readonly RecordCompression _compression;
    private readonly Stream? _packer;
    private bool _isEmpty = true;

    public Compressor(Stream target, RecordCompression compression, CompressionLevel level)
        : this(target, compression, compression switch
        {
            RecordCompression.None => null,
            RecordCompression.Gzip => new GZipStream(target, level, leaveOpen: true),
            RecordCompression.Zlib => new ZLibStream(target, level, leaveOpen: true),
            _ => throw new ArgumentOutOfRangeException(nameof(compression)),
        })
    {
    }

    public Compressor(Stream target, RecordCompression compression, ZLibCompressionOptions options)
        : this(target, compression, compression switch
        {
            RecordCompression.None => null,
            RecordCompression.Gzip => new GZipStream(target, options, leaveOpen: true),
            RecordCompression.Zlib => new ZLibStream(target, options, leaveOpen: true),
            _ => throw new ArgumentOutOfRangeException(nameof(compression)),
        })
    {
    }

    private Compressor(Stream target, RecordCompression compression, Stream? packer)
    {
        _target = target;
        _compression = compression;
        _packer = packer;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        _isEmpty &= bytes.IsEmpty;
        (_packer ?? _target).Write(bytes);
    }

    public void Flush() => (_packer ?? _target).Flush();

    /// <summary>Writes the trailer. Nothing may be written after it.</summary>
    public void Complete()
    {
        _packer?.Dispose();
        if (_isEmpty)
        {
            // The packers of .NET write nothing at all for nothing, which is no gzip file.
            _target.Write(_compression switch
            {
                RecordCompression.Gzip => s_emptyGzip,
                RecordCompression.Zlib => s_emptyZlib,
                _ => [],
            });
        }

        _target.Flush();
    }
}
