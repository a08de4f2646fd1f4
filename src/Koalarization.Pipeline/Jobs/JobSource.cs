using System.Security.Cryptography;
using System.Text;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Wording;
using Koalarization.Harvest.Links;

namespace Koalarization.Pipeline.Jobs;

/// <summary>What a job is given: a list of links, or a folder of pictures.</summary>
/// <param name="source">The source as the user wrote it.</param>
/// <param name="skip">Links left out at its beginning.</param>
/// <param name="count">Links taken at most; null: all.</param>
/// <param name="reading">How a list is read, and by which version of the rules a folder.</param>
internal sealed class JobSource(string source, long skip = 0, long? count = null, ListReading? reading = null)
{
    private readonly ListReading _reading = reading ?? new ListReading();

    /// <summary>The source of a job.</summary>
    public JobSource(JobSpec spec)
        : this(spec.Source, spec.Skip ?? 0, spec.Count, new ListReading { Format = ListReading.FormatOf(spec.Format), UrlColumn = spec.UrlColumn })
    {
    }

    /// <summary>What bounds a list behind a URL; null: it is the user's own.</summary>
    public RemoteListLimits? Limits { get; init; }

    /// <summary>The source as the user wrote it; a folder's full path.</summary>
    public string Source => IsFolder ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(source)) : source;

    /// <summary>Whether it is a folder of pictures.</summary>
    public bool IsFolder { get; } = Directory.Exists(source);

    public long Skip => skip;

    public long? Count => count;

    /// <summary>What the source looks like from outside; null where nothing shows whether it is still the same.</summary>
    public SourceStamp? Stamp =>
        IsFolder ? null
        : IsUrl ? SourceStamp.OfUrl(source)
        : new LinkSource(source).IsRegularFile ? SourceStamp.OfFile(source)
        : null;

    private bool IsUrl => LinkSource.IsUrl(source);

    /// <summary>The version of the rules by which it is read.</summary>
    public int ReaderVersion => _reading.Version;

    /// <summary>The same source, read as a data set's first run read it: the same share, by the same rules.</summary>
    public JobSource AsBegun(JobParameters job) => new(source, job.Skip, job.Count, new ListReading
    {
        Version = job.ListReader ?? ListReading.FirstVersion,
        Format = ListReading.FormatOf(job.ListFormat),
        UrlColumn = job.UrlColumn,
    })
    {
        Limits = Limits,
    };

    /// <summary>Reads all links, or lists the folder, in memory that does not grow with their number.</summary>
    /// <param name="sorter">Gets every link; null: they are only counted and hashed.</param>
    /// <param name="spoolFolder">Where a list behind a URL is kept while it is read.</param>
    /// <param name="linkRead">Is called after each link.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="LinkSourceException">The list cannot be read.</exception>
    public async Task<JobLinks> ReadAsync(LinkSorter? sorter, string spoolFolder, Action linkRead, CancellationToken cancellation)
    {
        if (IsFolder)
        {
            return List(sorter, linkRead, cancellation);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long links = 0;
        var list = new LinkSource(source, _reading, spoolFolder, Limits);
        await foreach (Link link in list.ReadAsync(skip, count, cancellation))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{link.Words}\t{link.Url}\n"));
            sorter?.Add(new PlannedLink(link.Name, link.Url, link.Words.Length == 0 ? null : link.Words, link.Columns));
            links++;
            linkRead();
        }

        return new JobLinks(links, Convert.ToHexStringLower(hash.GetHashAndReset()))
        {
            List = list,
            Note = list.Counts.UnusableSentence,
            Fault = list.Counts[LinkLineKind.Link] > 0 ? $"{source} has {Amount.Of(list.Counts[LinkLineKind.Link], "link")}, and --skip {skip} leaves out all of them." : list.NoLinkSentence,
        };
    }

    private JobLinks List(LinkSorter? sorter, Action pictureListed, CancellationToken cancellation)
    {
        bool isFirstVersion = _reading.Version == ListReading.FirstVersion;
        var skipped = new SkippedFiles();
        IEnumerable<string> names = isFirstVersion ? PictureFolder.EnumerateFlat(Source) : PictureFolder.Enumerate(Source, skipped);
        if (skip > 0 || count is not null)
        {
            // A share of a folder is one by name: the file system's order is no order.
            names = names.Order(StringComparer.Ordinal).Skip((int)Math.Min(skip, int.MaxValue)).Take((int)Math.Min(count ?? int.MaxValue, int.MaxValue));
        }

        long pictures = 0;
        foreach (string name in names)
        {
            cancellation.ThrowIfCancellationRequested();
            sorter?.Add(new PlannedLink(name, Url: null, isFirstVersion ? null : PictureFolder.SubfolderOf(name)));
            pictures++;
            pictureListed();
        }

        return new JobLinks(pictures, Sha256: "")
        {
            Note = skipped.Sentence,
            Fault = $"{Source} has no .jpg or .jpeg file, nor has a folder in it.{(skipped.Sentence is string why ? " " + why : "")}",
        };
    }

    /// <summary>Refuses a source that is not there before anything is made for it.</summary>
    /// <exception cref="JobRefusedException">There is no such list.</exception>
    public void EnsureExists()
    {
        if (!IsFolder && !IsUrl && source != "-" && !Path.Exists(source))
        {
            throw new JobRefusedException($"there is no list of links {source}.");
        }
    }
}

/// <summary>What reading a source gave.</summary>
/// <param name="Links">Links taken, repeated ones included.</param>
/// <param name="Sha256">Their hash; empty for a folder, which may grow.</param>
internal sealed record JobLinks(long Links, string Sha256)
{
    /// <summary>The list that was read; null for a folder.</summary>
    public LinkSource? List { get; init; }

    /// <summary>What was left out and why, in one sentence; null: nothing was.</summary>
    public string? Note { get; init; }

    /// <summary>Why there is no link, in one sentence, where there is none.</summary>
    public required string Fault { get; init; }
}
