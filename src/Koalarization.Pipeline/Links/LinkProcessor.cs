using System.Security.Cryptography;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Links;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;
using Koalarization.Pipeline.Resizing;

namespace Koalarization.Pipeline.Links;

/// <summary>Brings links to their rows: fetches the picture, or takes the file that is there already, resizes it, and publishes both files. Thread-safe.</summary>
/// <param name="round">The round that the links are of.</param>
/// <param name="resizer">Decodes and resizes the pictures.</param>
/// <param name="fetch">Fetches a link to its final outcome; the result is the caller's to dispose.</param>
internal sealed class LinkProcessor(RoundContext round, IPictureResizer resizer, Func<Link, CancellationToken, Task<DownloadedLink>> fetch)
{
    private const string PresentBefore = "stood there before";

    // Files that were there before this work were made from a picture once: whatever is wrong with them now is damage.
    private const FetchOutcomeKind OfUnusableFile = FetchOutcomeKind.Damaged;

    private readonly JobParameters _job = round.Job;
    private readonly FileDataStore _store = round.Store;
    private readonly GroupPublisher _publisher = round.Publisher;
    private readonly DataLayout _layout = new(round.Job.FansOut);

    /// <param name="link">The link.</param>
    /// <param name="fetched">The committed row of fetching it, or null.</param>
    /// <param name="ended">A row without a picture that another came to without committing it, or null: the link is not fetched again.</param>
    /// <param name="cancellation">Gives the link up.</param>
    public async Task<LinkRow> ProcessAsync(PlannedLink link, LinkRow? fetched, LinkRow? ended, CancellationToken cancellation)
    {
        if (_job.IsFolder)
        {
            return await ResizeFromFolderAsync(link, cancellation);
        }

        if (fetched is { IsKept: false })
        {
            return fetched;
        }

        if (await AdoptOriginalAsync(link, fetched?.Tries ?? 0, wasFetched: fetched is not null, cancellation) is LinkRow adopted)
        {
            return adopted;
        }

        if (ended is not null)
        {
            return ended;
        }

        using DownloadedLink harvested = await fetch(Link.Of(link.Url!, link.Words ?? ""), cancellation);
        FetchOutcome outcome = harvested.Outcome;
        LinkRow row = outcome.Body is PictureBody body
            ? await KeepAsync(link, harvested.Tries, body, cancellation)
            : RowWithoutPicture(link, outcome.Kind, outcome.Detail, harvested.Tries);
        if (row is { IsKept: true, Detail: null })
        {
            row = row with { Detail = outcome.Detail };
        }

        // Where several work on one link, another may have kept it meanwhile.
        return row.IsKept ? row : await AdoptOriginalAsync(link, harvested.Tries, wasFetched: false, cancellation) ?? row;
    }

    private static LinkRow RowWithoutPicture(PlannedLink link, FetchOutcomeKind outcome, string? detail, int tries) =>
        new(link.Name, outcome.WireName(), detail, tries, Original: null, Resized: null);

    private static LinkRow KeptRow(PlannedLink link, int tries, OriginalFacts original, ResizedPicture resized) =>
        new(link.Name, LinkRow.Kept, Detail: null, tries, original, resized.Bytes.IsEmpty ? null : FactsOf(resized.Bytes.Span));

    private static FileFacts FactsOf(ReadOnlySpan<byte> bytes) => new(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));

    // A set of the first rule keeps the rows that it began with.
    private OriginalFacts FactsOf(ReadOnlySpan<byte> bytes, PictureSize size)
    {
        JpegMetadata? metadata = _job.Rule >= PictureRule.EveryBlock ? JpegMetadata.Read(bytes) : null;
        return new OriginalFacts(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), size.Width, size.Height)
        {
            Profile = metadata?.Profile,
            Orientation = metadata?.Orientation,
        };
    }

    // Bodies share a bounded memory: this one is freed before its files wait for their group.
    private async Task<LinkRow> KeepAsync(PlannedLink link, int tries, PictureBody body, CancellationToken cancellation)
    {
        ResizedPicture resized = await resizer.ResizeAsync(body.Memory, cancellation);
        if (resized.Refusal is PictureRefusal refusal)
        {
            return RowWithoutPicture(link, refusal.Outcome(), refusal.Detail, tries);
        }

        OriginalFacts facts = FactsOf(body.Memory.Span, resized.SourceSize);
        using IDraft originalDraft = _store.NewDraft(body.Memory.Span);
        body.Dispose();
        using IDraft? resizedDraft = resized.Bytes.IsEmpty ? null : _store.NewDraft(resized.Bytes.Span);
        IReadOnlyList<bool> published = resizedDraft is null
            ? await _publisher.PublishAsync((originalDraft, _layout.Original(link.Name)))
            : await _publisher.PublishAsync((originalDraft, _layout.Original(link.Name)), (resizedDraft, _layout.ResizedPicture(link.Name)));

        // The resized picture is made from whatever has the original's name.
        return !published[0] ? await AdoptOriginalAsync(link, tries, wasFetched: false, cancellation) ?? throw OriginalVanished(link)
            : published[^1] ? KeptRow(link, tries, facts, resized)
            : RowOfResizedThatWasThere(link, tries, facts, resized);
    }

    private IOException OriginalVanished(PlannedLink link) =>
        new($"{_store.PathOf(_layout.Original(link.Name))} was taken by another file, which is not there any more.");

    /// <summary>The row of a link whose original is there already; null when it is not.</summary>
    private async Task<LinkRow?> AdoptOriginalAsync(PlannedLink link, int tries, bool wasFetched, CancellationToken cancellation)
    {
        string name = _layout.Original(link.Name);
        if (_store.SizeOf(name) is null)
        {
            return null;
        }

        (ResizedPicture resized, OriginalFacts? facts) = await ResizeFileAsync(_store.PathOf(name), cancellation);
        return resized.Refusal is PictureRefusal refusal
            ? RowWithoutPicture(link, OfUnusableFile, wasFetched ? refusal.Detail : $"{PresentBefore}: {refusal.Detail}", tries)
            : await PublishResizedAsync(link, tries, facts!, resized);
    }

    private async Task<LinkRow> ResizeFromFolderAsync(PlannedLink link, CancellationToken cancellation)
    {
        try
        {
            (ResizedPicture resized, OriginalFacts? facts) = await ResizeFileAsync(PictureFolder.PathOf(_job.Source, link.Name), cancellation);
            return resized.Refusal is PictureRefusal refusal
                ? RowWithoutPicture(link, refusal.Outcome(), refusal.Detail, tries: 1)
                : await PublishResizedAsync(link, tries: 1, facts!, resized);
        }
        catch (FileNotFoundException)
        {
            return RowWithoutPicture(link, FetchOutcomeKind.NotFound, "no such file", tries: 1);
        }
        catch (NotRegularFileException)
        {
            return RowWithoutPicture(link, FetchOutcomeKind.NotJpeg, NotRegularFileException.Reason, tries: 1);
        }
        catch (UnauthorizedAccessException)
        {
            return RowWithoutPicture(link, FetchOutcomeKind.Forbidden, "reading it is not allowed", tries: 1);
        }
    }

    private async Task<(ResizedPicture Resized, OriginalFacts? Facts)> ResizeFileAsync(string path, CancellationToken cancellation)
    {
        await round.FileReads.WaitAsync(cancellation);
        try
        {
            using FileBytes file = FileBytes.Read(path);
            ResizedPicture resized = await resizer.ResizeAsync(file.Memory, cancellation);
            return (resized, resized.Refusal is null ? FactsOf(file.Span, resized.SourceSize) : null);
        }
        finally
        {
            round.FileReads.Release();
        }
    }

    private async Task<LinkRow> PublishResizedAsync(PlannedLink link, int tries, OriginalFacts original, ResizedPicture resized)
    {
        if (resized.Bytes.IsEmpty)
        {
            return KeptRow(link, tries, original, resized);
        }

        string name = _layout.ResizedPicture(link.Name);
        if (_store.SizeOf(name) is null)
        {
            using IDraft draft = _store.NewDraft(resized.Bytes.Span);
            if ((await _publisher.PublishAsync((draft, name)))[0])
            {
                return KeptRow(link, tries, original, resized);
            }
        }

        return RowOfResizedThatWasThere(link, tries, original, resized);
    }

    private LinkRow RowOfResizedThatWasThere(PlannedLink link, int tries, OriginalFacts original, ResizedPicture resized) =>
        ReadAll(_layout.ResizedPicture(link.Name)).AsSpan().SequenceEqual(resized.Bytes.Span)
            ? KeptRow(link, tries, original, resized)
            : RowWithoutPicture(link, OfUnusableFile, $"another resized picture {PresentBefore}", tries);

    private byte[] ReadAll(string name)
    {
        using Stream content = _store.Open(name);
        var bytes = new byte[content.Length];
        content.ReadExactly(bytes);
        return bytes;
    }
}
