using Koalarization.Dataset;
using Koalarization.Imaging;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Run;

/// <summary>Begins a data set, or takes it up again: fixes or compares its parameters, and has the plan of its first round.</summary>
internal sealed class JobOpening(RunRequest request, FileDataStore store, IReporter reporter)
{
    // The source, and which share of it; what is not said now is as it was said first.
    private JobSource _source = request.Source;

    private const long LinksBeforeFanOut = 1_000_000;
    private static readonly PictureSize UsualSize = new(299, 299);

    /// <exception cref="UserErrorException">The data set was begun with other parameters, or the source has no links.</exception>
    public async Task<JobParameters> OpenAsync(CancellationToken cancellation)
    {
        JobParameters? job = JobParameters.Find(store);
        RoundPlan? plan = job is null ? null : RoundPlan.Find(store, round: 1);
        if (job is not null)
        {
            RefuseOtherParameters(job);
            _source = request.Source.Sharing(job.Skip, job.Count);
        }

        if (plan is null)
        {
            (job, plan) = await PlanAsync(job, cancellation);
        }
        else if (plan.Stamp is null || plan.Stamp != request.Source.Stamp)
        {
            await CompareLinksAsync(job!, cancellation);
        }

        RoundFiles.Open(store, new RoundOpened(plan.Round, plan.Links, plan.Slices));
        return job!;
    }

    private static UserErrorException Differs(string what, object now, object then) =>
        new($"the data set was begun with {what} {then}, not {now}; leave the option out, or use another folder.");

    private async Task<(JobParameters Job, RoundPlan Plan)> PlanAsync(JobParameters? begun, CancellationToken cancellation)
    {
        using var sorter = new LinkSorter(store.TemporaryFolder);
        SourceStamp? stamp = request.Source.Stamp;
        JobLinks links = await ReadAsync(sorter, cancellation);
        if (links.Links == 0)
        {
            throw new UserErrorException(request.Source.IsFolder
                ? $"{request.Source.Source} has no .jpg or .jpeg file."
                : $"{request.Source.Source} has no link in it{(links.UnusableLines > 0 ? $": its {links.UnusableLines:N0} lines hold none" : "")}.");
        }

        if (begun is not null)
        {
            RefuseOtherLinks(begun, links);
        }

        if (links.UnusableLines > 0)
        {
            reporter.Say(new Note($"{links.UnusableLines:N0} lines of the list hold no link."));
        }

        JobParameters job = (begun ?? ParametersOf(links)).Fix(store);
        return (job, RoundPlan.Write(store, round: 1, sorter.Sorted(), stamp, cancellation));
    }

    private JobParameters ParametersOf(JobLinks links) => new()
    {
        Source = request.Source.Source,
        IsFolder = request.Source.IsFolder,
        Skip = request.Source.Skip,
        Count = request.Source.Count,
        Links = links.Links,
        LinksSha256 = links.Sha256,
        Width = (request.Size ?? UsualSize).Width,
        Height = (request.Size ?? UsualSize).Height,
        CodecFingerprint = request.CodecFingerprint,
        FansOut = request.FansOut ?? links.Links > LinksBeforeFanOut,
        ImageNamePrefix = request.ImageNamePrefix ?? $"{request.Data.TrimEnd('/')}/{DataLayout.Resized}/",
    };

    private async Task CompareLinksAsync(JobParameters job, CancellationToken cancellation)
    {
        JobLinks links = await ReadAsync(sorter: null, cancellation);
        if (!job.IsFolder)
        {
            RefuseOtherLinks(job, links);
        }
        else if (links.Links * 2 < job.Links)
        {
            throw new UserErrorException(
                $"{job.Source} has {links.Links:N0} pictures, and had {job.Links:N0} when the data set was begun; is it mounted?");
        }
        else if (links.Links > job.Links)
        {
            reporter.Say(new Note(
                $"{links.Links - job.Links:N0} pictures came into {job.Source} after its list was fixed; they are not part of this data set."));
        }
    }

    private Task<JobLinks> ReadAsync(LinkSorter? sorter, CancellationToken cancellation) =>
        reporter.MeasureAsync("list", total: null, meter => _source.ReadAsync(sorter, store.TemporaryFolder, meter, cancellation));

    private void RefuseOtherLinks(JobParameters job, JobLinks links)
    {
        if (links.Sha256 != job.LinksSha256)
        {
            throw new UserErrorException(
                $"{request.Data} was begun with another list: {job.Links:N0} links of {job.Source}, and these are {links.Links:N0} of {request.Source.Source}; " +
                "use another folder for another list.");
        }
    }

    private void RefuseOtherParameters(JobParameters job)
    {
        JobSource source = request.Source;
        if (job.IsFolder != source.IsFolder || (job.IsFolder && job.Source != source.Source))
        {
            throw new UserErrorException(
                $"{request.Data} was begun with {(job.IsFolder ? "the folder" : "the links of")} {job.Source}, not {source.Source}; use another folder for another source.");
        }

        if (request.SkipIsSaid && job.Skip != source.Skip)
        {
            throw Differs("--skip", source.Skip, job.Skip);
        }

        if (request.CountIsSaid && job.Count != source.Count)
        {
            throw Differs("--count", source.Count!, job.Count?.ToString() ?? "of all links");
        }

        if (request.Size is PictureSize size && size != new PictureSize(job.Width, job.Height))
        {
            throw Differs("--size", $"{size.Width},{size.Height}", $"{job.Width},{job.Height}");
        }

        if (request.FansOut is bool fansOut && fansOut != job.FansOut)
        {
            throw Differs("--fanout", fansOut, job.FansOut);
        }

        if (request.ImageNamePrefix is string prefix && prefix != job.ImageNamePrefix)
        {
            throw Differs("--image-name-prefix", prefix, job.ImageNamePrefix);
        }

        if (request.CodecFingerprint != job.CodecFingerprint)
        {
            throw new UserErrorException(
                $"{request.Data} was begun with another JPEG library ({job.CodecFingerprint[..16]}, and this machine's is {request.CodecFingerprint[..16]}), " +
                "whose pictures may differ; install the same libturbojpeg as on the first machine ('koala doctor' shows the fingerprint).");
        }
    }
}
