using System.Security.Cryptography;
using System.Text;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Records;
using Koalarization.Harvest.Links;

namespace Koalarization.Pipeline.Jobs;

/// <summary>What a job is given: a list of links, or a folder of pictures.</summary>
internal sealed class JobSource(string source, long skip, long? count)
{
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

    /// <summary>The same source, and this share of it.</summary>
    public JobSource Sharing(long from, long? links) => new(source, from, links);

    /// <summary>Reads all links, or lists the folder, in memory that does not grow with their number.</summary>
    /// <param name="sorter">Gets every link; null: they are only counted and hashed.</param>
    /// <param name="spoolFolder">Where a list behind a URL is kept while it is read.</param>
    /// <param name="linkRead">Is called after each link.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="LinkSourceException">The list cannot be read.</exception>
    public async Task<JobLinks> ReadAsync(LinkSorter? sorter, string spoolFolder, Action linkRead, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long links = 0, unusable = 0;
        if (IsFolder)
        {
            // A share of a folder is one by name: the file system's order is no order.
            IEnumerable<string> names = skip == 0 && count is null
                ? PictureFolder.Enumerate(Source)
                : PictureFolder.Names(Source).Skip((int)Math.Min(skip, int.MaxValue)).Take((int)Math.Min(count ?? int.MaxValue, int.MaxValue));
            foreach (string name in names)
            {
                cancellation.ThrowIfCancellationRequested();
                sorter?.Add(new PlannedLink(name, Url: null, Words: null));
                links++;
                linkRead();
            }

            return new JobLinks(links, Sha256: "", unusable);
        }

        var list = new LinkSource(source, spoolFolder);
        await foreach (Link link in list.ReadAsync(skip, count, cancellation))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{link.Words}\t{link.Url}\n"));
            sorter?.Add(new PlannedLink(link.Name, link.Url, link.Words.Length == 0 ? null : link.Words));
            links++;
            linkRead();
        }

        unusable = list.Counts.Unusable;
        return new JobLinks(links, Convert.ToHexStringLower(hash.GetHashAndReset()), unusable);
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
/// <param name="UnusableLines">Lines that hold no link although they are no comment.</param>
internal sealed record JobLinks(long Links, string Sha256, long UnusableLines);
