using System.Buffers;
using System.Formats.Tar;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Koalarization.Harvest.Links;

/// <summary>
/// Looks at a list's first bytes, not at its name: plain text, gzip of text, tar, gzip of tar. An archive's lists are its
/// regular members named <c>*.txt</c>, in the archive's order.
/// </summary>
internal static class ListFormat
{
    private const int TarBlockBytes = 512;

    private static readonly (byte[] Signature, string Name)[] OtherPackings =
    [
        ("PK\u0003\u0004"u8.ToArray(), "zip"),
        ("BZh"u8.ToArray(), "bzip2"),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "xz"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
        ([(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C], "7z"),
    ];

    /// <summary>The text streams inside a source, one after the other; each is good until the next is asked for.</summary>
    public static async IAsyncEnumerable<Stream> TextsAsync(
        string source, Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (Stream plain, byte[] head) = await PeekAsync(stream, cancellationToken);
        if (head is [0x1F, 0x8B, ..])
        {
            (plain, head) = await PeekAsync(new GZipStream(plain, CompressionMode.Decompress), cancellationToken);
        }

        foreach ((byte[] signature, string name) in OtherPackings)
        {
            if (head.AsSpan().StartsWith(signature))
            {
                throw new LinkSourceException(source, $"it is packed as {name}; unpack it, or use gzip or tar.gz");
            }
        }

        if (!IsTarHeader(head))
        {
            yield return plain;
            yield break;
        }

        int texts = 0;
        await using var tar = new TarReader(plain);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (IsList(entry))
            {
                texts++;
                yield return entry.DataStream!;
            }
        }

        if (texts == 0)
        {
            throw new LinkSourceException(source, "the archive has no .txt file");
        }
    }

    // "._list.txt" is what macOS packs beside "list.txt": attributes, no text.
    private static bool IsList(TarEntry entry) =>
        entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile
        && entry.DataStream is not null
        && entry.Name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase)
        && !Path.GetFileName(entry.Name).StartsWith("._", StringComparison.Ordinal);

    private static async ValueTask<(Stream Stream, byte[] Head)> PeekAsync(Stream stream, CancellationToken cancellationToken)
    {
        PipeReader pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 1 << 16));
        while (true)
        {
            // A whole line is enough to know a text by, so that links typed by hand or sent one by one are not waited for.
            ReadResult read = await pipe.ReadAsync(cancellationToken);
            byte[] head = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, TarBlockBytes)).ToArray();
            bool isEnough = read.IsCompleted || head.Length == TarBlockBytes || head.Contains((byte)'\n');
            pipe.AdvanceTo(read.Buffer.Start, isEnough ? read.Buffer.Start : read.Buffer.End);
            if (isEnough)
            {
                return (pipe.AsStream(), head);
            }
        }
    }

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
