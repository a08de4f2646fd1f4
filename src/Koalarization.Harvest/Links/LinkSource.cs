using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Koalarization.Harvest.Links;

/// <summary>
/// A list of links: a file, <c>-</c> for standard input, or an http(s) URL; as text, gzip, tar or tar.gz, recognised by its first
/// bytes. Read as a stream: memory does not grow with the list.
/// </summary>
/// <remarks>
/// Lines are taken as the original's <c>download</c> takes them (<see cref="LinkLine"/>), with three differences. A line that
/// is not UTF-8 is left out alone, where the original loses every link of the 8 KB around it. A byte order mark at the
/// beginning is no part of the first line. A line of white space only is empty, where the original dies.
/// </remarks>
public sealed class LinkSource
{
    /// <summary>Longer lines hold no link that a server would take; they are counted and left out.</summary>
    public const int MaxLineBytes = 1 << 16;

    private readonly string _source;
    private readonly Func<CancellationToken, ValueTask<Stream>> _open;

    /// <summary>Names a list. Nothing is opened before it is read.</summary>
    /// <param name="source">A path, <c>-</c>, or a URL that begins with <c>http://</c> or <c>https://</c>.</param>
    /// <param name="spoolFolder">Where a list behind a URL is kept while it is read; null: the machine's temporary folder.</param>
    public LinkSource(string source, string? spoolFolder = null)
        : this(source, OpenerOf(source, spoolFolder))
    {
    }

    internal LinkSource(string source, Func<CancellationToken, ValueTask<Stream>> open)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        _source = source;
        _open = open;
    }

    /// <summary>
    /// Whether it is a file on a disk, which can be read again and gives the same links. Not standard input, a URL or a pipe; nor an empty file, which cannot be
    /// distinguished from a pipe.
    /// </summary>
    public bool IsRegularFile => !IsStandardInput(_source) && !IsUrl(_source) && new FileInfo(_source) is { Exists: true, Length: > 0 };

    /// <summary>What the lines were, as far as the list has been read.</summary>
    public LinkListCounts Counts { get; } = new();

    /// <summary>Reads the list's links, in its order, repeated ones included. One reader at a time.</summary>
    /// <param name="skip">Links (not lines) to leave out at the beginning.</param>
    /// <param name="count">Links to give at most; null: all. Lines behind the last one are not read.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="LinkSourceException">The list cannot be opened or read.</exception>
    public async IAsyncEnumerable<Link> ReadAsync(
        long skip = 0, long? count = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfNegative(count ?? 0, nameof(count));
        if (count == 0)
        {
            yield break;
        }

        long left = count ?? long.MaxValue;
        await using IAsyncEnumerator<Link> links = AllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MovedAsync(links))
        {
            if (skip > 0)
            {
                skip--;
                continue;
            }

            yield return links.Current;
            if (--left == 0)
            {
                yield break;
            }
        }
    }

    private static Func<CancellationToken, ValueTask<Stream>> OpenerOf(string source, string? spoolFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        if (IsStandardInput(source))
        {
            return _ => ValueTask.FromResult<Stream>(new WaitingInput(Console.OpenStandardInput()));
        }

        return IsUrl(source)
            ? cancellationToken => RemoteList.OpenAsync(source, spoolFolder ?? Path.GetTempPath(), cancellationToken)
            : _ => ValueTask.FromResult<Stream>(OpenFile(source));
    }

    private static bool IsStandardInput(string source) => source == "-";

    /// <summary>Whether a list is read from the web.</summary>
    internal static bool IsUrl(string source) =>
        source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || source.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static FileStream OpenFile(string path) =>
        Directory.Exists(path)
            ? throw new LinkSourceException(path, "it is a folder")
            : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);

    private async IAsyncEnumerable<Link> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream stream = await _open(cancellationToken);
        await foreach (Stream text in ListFormat.TextsAsync(_source, stream, cancellationToken))
        {
            using var lines = new ListLineReader(text, MaxLineBytes);
            bool first = true;
            while (await lines.FillAsync(cancellationToken))
            {
                while (NextLink(lines, ref first) is { } link)
                {
                    yield return link;
                }
            }
        }
    }

    private Link? NextLink(ListLineReader lines, ref bool first)
    {
        while (lines.TryNext(out ReadOnlySpan<byte> line, out bool tooLong))
        {
            ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
            line = first && line.StartsWith(mark) ? line[mark.Length..] : line;
            first = false;

            bool isLink = TryParse(line, tooLong, out Link link, out LinkLineKind kind);
            Counts.Add(kind);
            if (isLink)
            {
                return link;
            }
        }

        return null;
    }

    private static bool TryParse(ReadOnlySpan<byte> line, bool tooLong, out Link link, out LinkLineKind kind)
    {
        if (!tooLong && Utf8.IsValid(line))
        {
            return LinkLine.TryParse(Encoding.UTF8.GetString(line), out link, out kind);
        }

        link = default;
        kind = tooLong ? LinkLineKind.TooLong : LinkLineKind.NotUtf8;
        return false;
    }

    private async ValueTask<bool> MovedAsync(IAsyncEnumerator<Link> links)
    {
        try
        {
            return await links.MoveNextAsync();
        }
        catch (Exception e) when (FaultOf(e) is { } fault)
        {
            throw new LinkSourceException(_source, fault, e);
        }
    }

    private static string? FaultOf(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "reading it is not allowed",
        InvalidDataException or EndOfStreamException or FormatException => "the archive is damaged or cut short",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its host cannot be looked up (is there a network?)",
        HttpRequestException or SocketException or IOException => e.Message.TrimEnd('.'),
        _ => null,
    };
}
