using System.Security.Cryptography;
using Koalarization.Dataset;
using Koalarization.Harvest;
using Koalarization.Imaging;

namespace Koalarization.Cluster;

/// <summary>Brings one link to its row: fetches the picture, or takes up what stands there, fits it, and publishes both files.</summary>
/// <param name="job">What the data set is made with.</param>
/// <param name="store">Where it lives.</param>
/// <param name="publisher">Makes pictures durable in groups.</param>
/// <param name="harvest">Fetches a link to its final outcome.</param>
/// <param name="files">Files that are read into memory at once, shared with other workers; null: this worker's own.</param>
internal sealed class LinkWorker(
    JobParameters job,
    FileDataStore store,
    GroupPublisher publisher,
    Func<Link, CancellationToken, Task<DownloadedLink>> harvest,
    SemaphoreSlim? files = null) : IDisposable
{
    private const string StoodThereBefore = "stood there before";

    private readonly DataLayout _layout = new(job.FansOut);

    // Thousands of links are in work: of files, only as many are in memory as keep the cores busy.
    private readonly SemaphoreSlim _files = files ?? NewFiles();

    /// <summary>As many files at once as keep the cores busy.</summary>
    public static SemaphoreSlim NewFiles() => new(2 * Environment.ProcessorCount);

    /// <param name="link">The link.</param>
    /// <param name="fetched">What an earlier run committed of fetching it, or null.</param>
    /// <param name="fitter">Judges and fits the picture.</param>
    /// <param name="cancellation">Gives the link up.</param>
    public Task<LinkRow> WorkAsync(PlannedLink link, LinkRow? fetched, IPictureFitter fitter, CancellationToken cancellation) =>
        WorkAsync(link, fetched, ended: null, fitter, cancellation);

    /// <param name="link">The link.</param>
    /// <param name="fetched">What is committed of fetching it, or null.</param>
    /// <param name="ended">What another came to without committing it, other than a picture, or null: it need not be fetched again.</param>
    /// <param name="fitter">Judges and fits the picture.</param>
    /// <param name="cancellation">Gives the link up.</param>
    public async Task<LinkRow> WorkAsync(PlannedLink link, LinkRow? fetched, LinkRow? ended, IPictureFitter fitter, CancellationToken cancellation)
    {
        if (job.IsFolder)
        {
            return await FromFolderAsync(link, fitter, cancellation);
        }

        if (fetched is { IsKept: false })
        {
            return fetched;
        }

        if (await AdoptedAsync(link, fetched?.Tries ?? 0, fetched is not null, fitter, cancellation) is LinkRow adopted)
        {
            return adopted;
        }

        if (ended is not null)
        {
            return ended;
        }

        DownloadedLink harvested = await harvest(Link.Of(link.Url!, link.Words ?? ""), cancellation);
        using FetchOutcome outcome = harvested.Outcome;
        LinkRow row = outcome.Body is PictureBody body
            ? await KeepAsync(link, harvested.Tries, body, fitter, cancellation)
            : new LinkRow(link.Name, outcome.Kind.WireName(), outcome.Detail, harvested.Tries, Original: null, Resized: null);

        // Where several work on one link, another may have kept it meanwhile.
        return row.IsKept ? row : await AdoptedAsync(link, harvested.Tries, wasFetched: false, fitter, cancellation) ?? row;
    }

    public void Dispose()
    {
        if (files is null)
        {
            _files.Dispose();
        }
    }

    private static LinkRow Refused(string name, int tries, PictureRefusal refusal) =>
        new(name, refusal.Outcome().WireName(), refusal.Detail, tries, Original: null, Resized: null);

    private static FileFacts FactsOf(ReadOnlySpan<byte> bytes) => new(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));

    private static OriginalFacts FactsOf(ReadOnlySpan<byte> bytes, PictureSize size) =>
        new(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), size.Width, size.Height);

    // Bodies share a bounded memory: this one is let go of before its files wait for their group.
    private async Task<LinkRow> KeepAsync(PlannedLink link, int tries, PictureBody body, IPictureFitter fitter, CancellationToken cancellation)
    {
        FittedPicture fitted = await fitter.FitAsync(body.Memory, cancellation);
        if (fitted.Refusal is PictureRefusal refusal)
        {
            return Refused(link.Name, tries, refusal);
        }

        OriginalFacts facts = FactsOf(body.Memory.Span, fitted.Source);
        using IDraft original = store.NewDraft(body.Memory.Span);
        body.Dispose();
        using IDraft? resized = fitted.Resized.IsEmpty ? null : store.NewDraft(fitted.Resized.Span);
        IReadOnlyList<bool> published = resized is null
            ? await publisher.PublishAsync((original, _layout.Original(link.Name)))
            : await publisher.PublishAsync((original, _layout.Original(link.Name)), (resized, _layout.ResizedPicture(link.Name)));

        // What stands under the original's name is what the resized picture is made of.
        return !published[0] ? await AdoptedAsync(link, tries, wasFetched: false, fitter, cancellation) ?? throw NowhereToBeFound(link)
            : published[^1] ? KeptRow(link, tries, facts, fitted)
            : LostResized(link, tries, facts, fitted);
    }

    private IOException NowhereToBeFound(PlannedLink link) =>
        new($"{store.PathOf(_layout.Original(link.Name))} was taken by another file, which is not there any more.");

    /// <summary>The row of a link whose original stands already; null when it does not.</summary>
    private async Task<LinkRow?> AdoptedAsync(PlannedLink link, int tries, bool wasFetched, IPictureFitter fitter, CancellationToken cancellation)
    {
        string name = _layout.Original(link.Name);
        if (store.SizeOf(name) is null)
        {
            return null;
        }

        (FittedPicture fitted, OriginalFacts? facts) = await FitFileAsync(store.PathOf(name), fitter, cancellation);
        return fitted.Refusal is PictureRefusal refusal
            ? new LinkRow(
                link.Name, FetchOutcomeKind.Damaged.WireName(), wasFetched ? refusal.Detail : $"{StoodThereBefore}: {refusal.Detail}", tries, Original: null, Resized: null)
            : await PublishResizedAsync(link, tries, facts!, fitted);
    }

    /// <summary>Fits a picture that lies in a file, and says what the file is.</summary>
    private async Task<(FittedPicture Fitted, OriginalFacts? Facts)> FitFileAsync(string path, IPictureFitter fitter, CancellationToken cancellation)
    {
        await _files.WaitAsync(cancellation);
        try
        {
            using FileBytes file = FileBytes.Read(path);
            FittedPicture fitted = await fitter.FitAsync(file.Memory, cancellation);
            return (fitted, fitted.Refusal is null ? FactsOf(file.Span, fitted.Source) : null);
        }
        finally
        {
            _files.Release();
        }
    }

    private async Task<LinkRow> FromFolderAsync(PlannedLink link, IPictureFitter fitter, CancellationToken cancellation)
    {
        try
        {
            (FittedPicture fitted, OriginalFacts? facts) = await FitFileAsync(PictureFolder.PathOf(job.Source, link.Name), fitter, cancellation);
            return fitted.Refusal is PictureRefusal refusal
                ? Refused(link.Name, tries: 1, refusal)
                : await PublishResizedAsync(link, tries: 1, facts!, fitted);
        }
        catch (FileNotFoundException)
        {
            return new LinkRow(link.Name, FetchOutcomeKind.NotFound.WireName(), "no such file", Tries: 1, Original: null, Resized: null);
        }
        catch (UnauthorizedAccessException)
        {
            return new LinkRow(link.Name, FetchOutcomeKind.Forbidden.WireName(), "reading it is not allowed", Tries: 1, Original: null, Resized: null);
        }
    }

    private async Task<LinkRow> PublishResizedAsync(PlannedLink link, int tries, OriginalFacts original, FittedPicture fitted)
    {
        if (fitted.Resized.IsEmpty)
        {
            return KeptRow(link, tries, original, fitted);
        }

        string name = _layout.ResizedPicture(link.Name);
        if (store.SizeOf(name) is null)
        {
            using IDraft resized = store.NewDraft(fitted.Resized.Span);
            if ((await publisher.PublishAsync((resized, name)))[0])
            {
                return KeptRow(link, tries, original, fitted);
            }
        }

        return LostResized(link, tries, original, fitted);
    }

    private LinkRow LostResized(PlannedLink link, int tries, OriginalFacts original, FittedPicture fitted) =>
        ReadAll(_layout.ResizedPicture(link.Name)).AsSpan().SequenceEqual(fitted.Resized.Span)
            ? KeptRow(link, tries, original, fitted)
            : new LinkRow(
                link.Name, FetchOutcomeKind.Damaged.WireName(), $"another resized picture {StoodThereBefore}", tries, Original: null, Resized: null);

    private static LinkRow KeptRow(PlannedLink link, int tries, OriginalFacts original, FittedPicture fitted) =>
        new(link.Name, LinkRow.Kept, Detail: null, tries, original, fitted.Resized.IsEmpty ? null : FactsOf(fitted.Resized.Span));

    private byte[] ReadAll(string name)
    {
        using Stream content = store.Open(name);
        var bytes = new byte[content.Length];
        content.ReadExactly(bytes);
        return bytes;
    }
}
