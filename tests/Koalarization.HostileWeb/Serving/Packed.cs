using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Koalarization.Hostile.Serving;

/// <summary>Bodies in content encodings.</summary>
internal static class Packed
{
    private const int BombMegabytes = 256;

    public static byte[] Gzip(byte[] bytes) => Pack(bytes, 0, packed => new GZipStream(packed, CompressionLevel.Fastest));

    public static byte[] Zlib(byte[] bytes) => Pack(bytes, 0, packed => new ZLibStream(packed, CompressionLevel.Fastest));

    public static byte[] Deflate(byte[] bytes) => Pack(bytes, 0, packed => new DeflateStream(packed, CompressionLevel.Fastest));

    public static byte[] Brotli(byte[] bytes) => Pack(bytes, 0, packed => new BrotliStream(packed, CompressionLevel.Fastest));

    public static byte[] Zstd(byte[] bytes) => Pack(bytes, 0, packed => new CompressionStream(packed, leaveOpen: true));

    /// <summary>With a window that needs 128 MB of memory.</summary>
    public static byte[] ZstdOfWideWindow(byte[] bytes) => Pack(bytes, 0, packed =>
    {
        var wide = new CompressionStream(packed, leaveOpen: true);
        wide.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, 27);
        return wide;
    });

    /// <summary>A quarter of a gigabyte that begins as a JPEG, in about a megabyte or less.</summary>
    public static byte[] Bomb(Func<Stream, Stream> encoding) => Pack([0xFF, 0xD8, 0xFF, 0xE0], BombMegabytes, encoding);

    private static byte[] Pack(byte[] bytes, int megabytesOfZeros, Func<Stream, Stream> encoding)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding(packed))
        {
            stream.Write(bytes);
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < megabytesOfZeros; i++)
            {
                stream.Write(zeros);
            }
        }

        return packed.ToArray();
    }
}
