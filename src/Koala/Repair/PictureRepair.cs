using Koalarization.Dataset.Records;
using Koalarization.Dataset.Repairing;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;
using Koalarization.Pipeline.Resizing;

namespace Koalarization.Koala.Repair;

/// <summary>Restores originals and resized pictures: from other files of the set, from their links, and resized pictures from their originals.</summary>
/// <param name="target">The data set.</param>
/// <param name="job">What it was begun with.</param>
/// <param name="codec">The JPEG library.</param>
/// <param name="fetch">Fetches originals; null: nothing is fetched.</param>
/// <param name="parallel">Pictures resized at once.</param>
/// <param name="log">Is told of each picture.</param>
internal sealed class PictureRepair(RepairTarget target, JobParameters job, IJpegCodec codec, OriginalFetch? fetch, int parallel, RepairLog log)
{
    private readonly DataLayout _layout = new(job.FansOut);

    public async Task RunAsync(IReadOnlyList<DamagedPicture> pictures, CancellationToken cancellation)
    {
        var search = new ContentSearch(target.Store, pictures.Select(picture => (picture.Bytes, picture.Sha256)));
        search.LookInto(DataLayout.Originals, job.FansOut, cancellation);
        search.LookInto(DataLayout.Resized, job.FansOut, cancellation);
        search.LookInto(Restoration.Aside, below: false, cancellation);

        List<DamagedPicture> elsewhere = [.. pictures.Where(picture => !IsRestoredFromSet(picture, search))];
        await FetchAsync([.. elsewhere.Where(picture => picture.IsOriginal)], search, cancellation);
        await Parallel.ForEachAsync(
            elsewhere.Where(picture => !picture.IsOriginal),
            new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellation },
            (picture, _) =>
            {
                Resize(picture, search);
                return ValueTask.CompletedTask;
            });
    }

    private bool IsRestoredFromSet(DamagedPicture picture, ContentSearch search)
    {
        string? from = target.CopyFromSet(picture.Name, picture.Sha256, search, log);
        if (from is not null)
        {
            log.Restored(picture.Name, from);
        }

        return from is not null;
    }

    private async Task FetchAsync(IReadOnlyList<DamagedPicture> originals, ContentSearch search, CancellationToken cancellation)
    {
        if (fetch is null)
        {
            foreach (DamagedPicture original in originals)
            {
                log.Lost(original.Name, $"no other file of the set has its bytes, and nothing is fetched with --no-fetch ({original.Link.Url})");
            }

            return;
        }

        if (target.IsDryRun)
        {
            foreach (DamagedPicture original in originals)
            {
                log.Restored(original.Name, $"if {original.Link.Url} still gives the same bytes");
            }

            return;
        }

        await fetch.RunAsync(originals, (original, body) =>
        {
            if (target.TryPut(original.Name, original.Sha256, search, log, content => content.Write(body.Span)))
            {
                log.Restored(original.Name, $"fetched from {original.Link.Url}");
            }
            else
            {
                log.Lost(original.Name, $"{original.Link.Url} gives other bytes now");
            }
        }, (original, outcome) => log.Lost(original.Name, $"{original.Link.Url} gives no picture any more: {outcome}"), cancellation);
    }

    private void Resize(DamagedPicture picture, ContentSearch search)
    {
        OriginalFacts facts = picture.Row.Original!;
        string original = _layout.Original(picture.Row.Name);
        string path = job.IsFolder ? PictureFolder.PathOf(job.Source, picture.Row.Name) : target.Store.PathOf(original);
        if (target.IsDryRun && log.IsRestored(original))
        {
            log.Restored(picture.Name, "made from its original, once that is restored");
            return;
        }

        try
        {
            using FileBytes jpeg = FileBytes.Read(path);
            if (!jpeg.Have(facts.Sha256))
            {
                log.Lost(picture.Name, $"its original ({path}) is not what it was made from");
                return;
            }

            var resizer = new InProcessResizer(
                codec, new PictureSize(job.Width, job.Height), Math.Max(JpegDecodeOptions.ForResizing.MaxPixels, (long)facts.Width * facts.Height), job.Rule);
            ResizedPicture resized = resizer.Resize(jpeg.Span);
            if (resized.Refusal is null && target.TryPut(picture.Name, picture.Sha256, search, log, content => content.Write(resized.Bytes.Span)))
            {
                log.Restored(picture.Name, "made from its original");
            }
            else
            {
                log.Lost(picture.Name, "its original gives other bytes here; use the JPEG library that the set was made with (koala doctor shows this machine's)");
            }
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or NotRegularFileException)
        {
            log.Lost(picture.Name, $"its original ({path}) is gone too");
        }
    }
}
