using System.Buffers;
using System.Formats.Tar;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using ZstdSharp;

namespace Koalarization.Harvest.Links;

/// <summary>
/// Unpacks a list, by its first bytes and not by its name: gzip and zstd, also one in the other, and tar. An archive's lists are its regular members named
/// <c>*.txt</c>, in the archive's order.
/// </summary>
internal static class ListLayers
{
    private const int TarBlockBytes = 512;
    private const int MaxLayers = 4;
    private const string Gzip = "gzip";
    private const string Zstd = "zstd";

    private static readonly (byte[] Signature, string Fault)[] Others =
    [
        ("PK\u0003\u0004"u8.ToArray(), "it is packed as zip (or is an Excel sheet); unpack it or save it as CSV, or use gzip or tar.gz"),
        ("BZh"u8.ToArray(), Packed("bzip2")),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], Packed("xz")),
        ([(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C], Packed("7z")),
        ([0x04, 0x22, 0x4D, 0x18], Packed("lz4")),
        ([0x02, 0x21, 0x4C, 0x18], Packed("lz4")),
        ("LZIP"u8.ToArray(), Packed("lzip")),
        ([0x5D, 0, 0, 0x80, 0], Packed("lzma")),
        ([0x1F, 0x9D], Packed("compress (.Z)")),
        ([0xFF, 6, 0, 0, .. "sNaPpY"u8], Packed("snappy")),
        ("Rar!"u8.ToArray(), Packed("rar")),
        ([0xD0, 0xCF, 0x11, 0xE0], "it is an old Excel or Word file; save it as CSV"),
        ("%PDF"u8.ToArray(), "it is a PDF, not a list"),
        ([0xFF, 0xD8, 0xFF], "it is a picture, not a list; for pictures that you have, give their folder"),
        ([0x89, .. "PNG"u8], "it is a picture, not a list"),
        ("SQLite format 3"u8.ToArray(), "it is an SQLite database; export the table as CSV"),
        ("ARROW1"u8.ToArray(), "it is an Arrow file; save it as Parquet"),
        ("FEA1"u8.ToArray(), "it is a Feather file; save it as Parquet"),
        ([(byte)'O', (byte)'b', (byte)'j', 1], "it is an Avro file; save it as Parquet or JSON"),
        ([.. "ORC"u8, 0x0A], "it is an ORC file; save it as Parquet"),
        ([0x89, .. "HDF"u8], "it is an HDF5 file; save the links as text"),
        ([0x93, .. "NUMPY"u8], "it is a NumPy file; save the links as text"),
    ];

    /// <summary>The lists inside a source, one after the other; each is good until the next is asked for.</summary>
    /// <param name="source">The source, as the user named it.</param>
    /// <param name="stream">Its bytes.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="LinkSourceException">It is packed in a way that is not read.</exception>
    public static async IAsyncEnumerable<ListPart> PartsAsync(string source, Stream stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        (Stream plain, byte[] head) = await PeekAsync(stream, cancellation);
        var layers = new List<string>();
        while (PackingOf(head) is string packing)
        {
            layers.Add(packing);
            if (layers.Count > MaxLayers)
            {
                throw new LinkSourceException(source, $"it is packed more than {MaxLayers} times; unpack it");
            }

            Stream unpacked = packing == Gzip ? new GZipStream(plain, CompressionMode.Decompress) : new DecompressionStream(plain);
            (plain, head) = await PeekAsync(unpacked, cancellation);
        }

        foreach ((byte[] signature, string fault) in Others)
        {
            if (head.AsSpan().StartsWith(signature))
            {
                throw new LinkSourceException(source, fault);
            }
        }

        if (!IsTarHeader(head))
        {
            yield return new ListPart(plain, head, string.Join(" in ", layers), layers.Count == 0 && stream.CanSeek ? stream : null);
            yield break;
        }

        layers.Insert(0, "tar");
        string? other = null;
        int texts = 0;
        await using var tar = new TarReader(plain);
        while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            if (IsList(entry))
            {
                texts++;
                (Stream member, byte[] beginning) = await PeekAsync(entry.DataStream!, cancellation);
                yield return new ListPart(member, beginning, string.Join(" in ", layers), Seekable: null);
            }
            else if (entry.DataStream is not null)
            {
                other ??= entry.Name;
            }
        }

        if (texts == 0)
        {
            throw new LinkSourceException(source, $"the archive has no .txt file{(other is null ? "" : $" (it has {other}; unpack it)")}");
        }
    }

    /// <summary>The first bytes of a stream, and the stream with them.</summary>
    public static async ValueTask<(Stream Stream, byte[] Head)> PeekAsync(Stream stream, CancellationToken cancellation)
    {
        PipeReader pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 1 << 16));
        while (true)
        {
            // A whole line is enough to know a text by, so that links typed by hand or sent one by one are not waited for.
            ReadResult read = await pipe.ReadAsync(cancellation);
            byte[] head = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, TarBlockBytes)).ToArray();
            bool isEnough = read.IsCompleted || head.Length == TarBlockBytes || head.Contains((byte)'\n');
            pipe.AdvanceTo(read.Buffer.Start, isEnough ? read.Buffer.Start : read.Buffer.End);
            if (isEnough)
            {
                return (pipe.AsStream(), head);
            }
        }
    }

    private static string Packed(string packing) => $"it is packed as {packing}; unpack it, or use gzip or tar.gz";

    private static string? PackingOf(ReadOnlySpan<byte> head) => head switch
    {
        [0x1F, 0x8B, ..] => Gzip,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Zstd,
        _ => null,
    };

    // "._list.txt" is what macOS packs beside "list.txt": attributes, no text.
    private static bool IsList(TarEntry entry) =>
        entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile
        && entry.DataStream is not null
        && entry.Name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase)
        && !Path.GetFileName(entry.Name).StartsWith("._", StringComparison.Ordinal);

    /// <summary>
    /// A tar header's checksum: the sum of its bytes, with the checksum's own eight taken as blanks (POSIX.1-1988, ustar).
    /// </summary>
    private static bool IsTarHeader(ReadOnlySpan<byte> head)
    {
        if (head.Length < TarBlockBytes || head[0] == 0)
        {
            return false;
        }

        int sum = 0;
        for (int i = 0; i < TarBlockBytes; i++)
        {
            sum += i is >= 148 and < 156 ? ' ' : head[i];
        }

        int stored = 0;
        foreach (byte digit in head[148..156])
        {
            if (digit is >= (byte)'0' and <= (byte)'7')
            {
                stored = (stored * 8) + (digit - '0');
            }
            else if (digit is not ((byte)' ' or 0))
            {
                return false;
            }
        }

        return stored == sum;
    }
}

/// <summary>One list inside a source.</summary>
/// <param name="Stream">Its bytes, unpacked.</param>
/// <param name="Head">The first of them.</param>
/// <param name="Packing">How it was packed, innermost first; empty when it was not.</param>
/// <param name="Seekable">The source itself when it is the list, and can be read from anywhere; else null.</param>
internal sealed record ListPart(Stream Stream, byte[] Head, string Packing, Stream? Seekable);
