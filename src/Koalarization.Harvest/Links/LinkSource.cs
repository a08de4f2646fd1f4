using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Koalarization.Harvest.Fetching;

namespace Koalarization.Harvest.Links;

/// <summary>
/// A list of links: a file, <c>-</c> for standard input, or an http(s) URL. Its format (<see cref="ListFormat"/>), its encoding and how it is packed are
/// recognised by its content. Read as a stream: memory does not grow with the list, but for one row group of a Parquet file.
/// </summary>
/// <remarks>
/// Lines of text are taken as the original's <c>download</c> takes them, with the differences of <see cref="TextLink"/> and these. A line that is not UTF-8 is
/// taken for Windows-1252, where the original loses every link of the 8 KB around it. A line of white space only is empty, where the original dies.
/// </remarks>
public sealed class LinkSource
{
    /// <summary>Longer lines hold no link that a server would take; they are counted and left out.</summary>
    public const int MaxLineBytes = 1 << 16;

    private readonly string _source;
    private readonly Func<CancellationToken, ValueTask<Stream>> _open;
    private readonly ListReading _reading;
    private readonly string _spoolFolder;

    /// <summary>Names a list. Nothing is opened before it is read.</summary>
    /// <param name="source">A path, <c>-</c>, or a URL that begins with <c>http://</c> or <c>https://</c>.</param>
    /// <param name="reading">How it is to be read; null: as its content shows.</param>
    /// <param name="spoolFolder">Where a list is kept while it is read, if it must be; null: the machine's temporary folder.</param>
    /// <param name="limits">What bounds a list behind a URL; null: it is the user's own.</param>
    public LinkSource(string source, ListReading? reading = null, string? spoolFolder = null, RemoteListLimits? limits = null)
        : this(source, OpenerOf(source, spoolFolder, limits), reading, spoolFolder)
    {
    }

    internal LinkSource(string source, Func<CancellationToken, ValueTask<Stream>> open, ListReading? reading = null, string? spoolFolder = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        _source = source;
        _open = open;
        _reading = reading ?? new ListReading();
        _spoolFolder = spoolFolder ?? Path.GetTempPath();
    }

    /// <summary>
    /// Whether it is a file on a disk, which can be read again and gives the same links. Not standard input, a URL or a pipe; nor an empty file, which cannot be
    /// distinguished from a pipe.
    /// </summary>
    public bool IsRegularFile => !IsStandardInput(_source) && !IsUrl(_source) && new FileInfo(_source) is { Exists: true, Length: > 0 };

    /// <summary>What the lines were, as far as the list has been read.</summary>
    public LinkListCounts Counts { get; } = new();

    /// <summary>What the list is, as far as it has been read.</summary>
    public ListDescription Description { get; } = new();

    /// <summary>Why a list that was read to its end is of no use, in one sentence: what it is, its first line, and what was looked for.</summary>
    public string NoLinkSentence
    {
        get
        {
            if (Description.FirstLine is null && Counts.Unusable == 0)
            {
                return $"{_source} has no link in it: it is empty.";
            }

            string columns = Description.Columns.Count > 0 ? $" of {string.Join(", ", Description.Columns)}" : "";
            string leftOut = Description.LeftOutColumns.Count > 0 ? $", without what is nested or bytes ({string.Join(", ", Description.LeftOutColumns)})" : "";
            return $"{_source} has no link in it: it was read as {Description.Text}{columns}{leftOut}, and its first line is '{Description.FirstLine}'; "
                + "a link begins with http:// or https:// (which are not guessed) and is alone on its line, beside words, or in a column of CSV, TSV, JSON or "
                + "Parquet (--format, --url-column).";
        }
    }

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

    private static Func<CancellationToken, ValueTask<Stream>> OpenerOf(string source, string? spoolFolder, RemoteListLimits? limits)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        if (IsStandardInput(source))
        {
            return _ => ValueTask.FromResult<Stream>(new WaitingInput(Console.OpenStandardInput()));
        }

        return IsUrl(source)
            ? cancellationToken => RemoteList.OpenAsync(source, spoolFolder ?? Path.GetTempPath(), limits, cancellationToken)
            : _ => ValueTask.FromResult<Stream>(OpenFile(source));
    }

    private static bool IsStandardInput(string source) => source == "-";

    /// <summary>Whether a list is read from the web.</summary>
    public static bool IsUrl(string source) =>
        source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || source.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static FileStream OpenFile(string path) =>
        Directory.Exists(path)
            ? throw new LinkSourceException(path, "it is a folder")
            : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);

    private async IAsyncEnumerable<Link> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream stream = await _open(cancellationToken);
        var reader = new ListReader(_source, _reading, Counts, Description, _spoolFolder);
        await foreach (ListPart part in ListLayers.PartsAsync(_source, stream, cancellationToken))
        {
            IAsyncEnumerable<Link> links = _reading.Version == ListReading.FirstVersion
                ? FirstListReader.LinksAsync(part.Stream, Counts, cancellationToken)
                : reader.LinksAsync(part, cancellationToken);
            await foreach (Link link in links)
            {
                yield return link;
            }
        }
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
        InvalidDataException or EndOfStreamException or FormatException or ZstdSharp.ZstdException => "the archive is damaged or cut short",

        // What the readers of archives end with for numbers and kinds of entries that no archive has.
        OverflowException or NotSupportedException or OutOfMemoryException or (InvalidOperationException and not ObjectDisposedException) => "the archive is damaged, or of a kind that koala does not read",
        HttpRequestException or SocketException or HttpIOException or IOException { InnerException: SocketException } => FaultOf(FailureTable.OutcomeOf(e)),
        IOException => OfDisk(e),
        _ => null,
    };

    private static string FaultOf(FetchOutcome outcome) => outcome switch
    {
        { Kind: FetchOutcomeKind.Dns } => "its host cannot be looked up (is there a network?)",
        { Kind: FetchOutcomeKind.Connection, Detail: "refused" } => "its host accepts no connection at that port",
        { Kind: FetchOutcomeKind.Connection, Detail: "unreachable" } => "its host cannot be reached from this machine",
        { Kind: FetchOutcomeKind.Connection or FetchOutcomeKind.Timeout } => "the connection broke off before the list was whole",
        { Kind: FetchOutcomeKind.Tls, Detail: string detail } => $"its TLS connection fails: {detail}",
        _ => "the server's answer is not HTTP",
    };

    // The system's reason without the path, which is the source.
    private static string OfDisk(Exception e) => e.Message.Split(" : '", 2)[0].TrimEnd('.');
}
