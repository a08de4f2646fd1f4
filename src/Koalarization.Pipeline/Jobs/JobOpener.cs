using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Wording;
using Koalarization.Harvest.Links;
using Koalarization.Imaging.Jpeg;

namespace Koalarization.Pipeline.Jobs;

/// <summary>Begins a data set, or takes it up again: fixes or compares its parameters, and has the plan of its first round.</summary>
/// <param name="spec">What is asked for.</param>
/// <param name="data">The data set's folder, as people call it.</param>
/// <param name="codecFingerprint">What the JPEG library makes of a known set of pictures.</param>
/// <param name="store">The data set.</param>
/// <param name="note">Called with what a user should know.</param>
/// <param name="limits">What bounds a list behind a URL; null: it is the user's own.</param>
internal sealed class JobOpener(JobSpec spec, string data, string codecFingerprint, FileDataStore store, Action<string> note, RemoteListLimits? limits = null)
{
    private readonly JobSource _asked = new(spec) { Limits = limits };

    private const long LinksBeforeFanOut = 1_000_000;

    // The source, its share and its rules; what is not given now is as it was given first.
    private JobSource? _begun;

    /// <summary>Is called with a list that was read for the first time; null: what gives no link is a note.</summary>
    public Action<LinkSource>? ListRead { get; init; }

    /// <summary>Runs the reading of the list, which calls what it is given after each link: for who shows how far it is.</summary>
    public Func<Func<Action, Task<JobLinks>>, Task<JobLinks>> Measured { get; init; } = read => read(() => { });

    /// <summary>Called before the first parameter of a new data set is written, with the list read: what else could refuse the job does it here.</summary>
    public Func<Task> BeforeFirstWrite { get; init; } = () => Task.CompletedTask;

    /// <summary>Fixes or compares the parameters, plans the first round where it is not, and says that it is begun.</summary>
    /// <exception cref="LinkSourceException">The list cannot be read.</exception>
    /// <exception cref="JobRefusedException">The data set was begun with other parameters, or the source has no links.</exception>
    public async Task<JobParameters> OpenAsync(CancellationToken cancellation)
    {
        JobParameters? job = JobParameters.Find(store);
        RoundPlan? plan = job is null ? null : RoundPlan.Find(store, round: 1);
        if (job is not null)
        {
            RefuseOtherParameters(job);
            _begun = _asked.AsBegun(job);
        }

        if (plan is null)
        {
            (job, plan) = await PlanAsync(job, cancellation);
        }
        else if (plan.Stamp is null || plan.Stamp != _asked.Stamp)
        {
            await CompareLinksAsync(job!, cancellation);
        }

        RoundFiles.Open(store, new RoundOpened(plan.Round, plan.Links, plan.Slices) { Fetch = (spec.Fetch ?? new FetchRules()).Completed() });
        return job!;
    }

    private async Task<(JobParameters Job, RoundPlan Plan)> PlanAsync(JobParameters? begun, CancellationToken cancellation)
    {
        using var sorter = new LinkSorter(store.TemporaryFolder);
        SourceStamp? stamp = _asked.Stamp;
        JobLinks links = await ReadAsync(sorter, cancellation);
        if (links.Links == 0)
        {
            throw new JobRefusedException(links.Fault);
        }

        if (begun is not null)
        {
            RefuseOtherLinks(begun, links);
        }

        if (links.List is LinkSource list && ListRead is not null)
        {
            ListRead(list);
        }
        else if (links.Note is string leftOut)
        {
            note(leftOut);
        }

        if (begun is null)
        {
            await BeforeFirstWrite();
        }

        JobParameters job = (begun ?? ParametersOf(links)).Fix(store);
        return (job, RoundPlan.Write(store, round: 1, sorter.Sorted(), stamp, cancellation));
    }

    private JobParameters ParametersOf(JobLinks links) => new()
    {
        Source = _asked.Source,
        IsFolder = _asked.IsFolder,
        Skip = _asked.Skip,
        Count = _asked.Count,
        Links = links.Links,
        LinksSha256 = links.Sha256,
        Width = spec.Width ?? PreparedPicture.Size,
        Height = spec.Height ?? PreparedPicture.Size,
        CodecFingerprint = codecFingerprint,
        PictureRule = PictureRule.Newest,
        FansOut = spec.FansOut ?? links.Links > LinksBeforeFanOut,
        ListReader = _asked.ReaderVersion,
        ListFormat = spec.Format,
        UrlColumn = spec.UrlColumn,
        ImageNamePrefix = spec.ImageNamePrefix ?? $"{data.TrimEnd('/')}/{DataLayout.Resized}/",
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
            throw new JobRefusedException(
                $"{job.Source} has {Amount.Of(links.Links, "picture")}, and had {job.Links:N0} when the data set was begun; is it mounted?");
        }
        else if (links.Links > job.Links)
        {
            note(
                $"{Amount.Of(links.Links - job.Links, "picture")} came into {job.Source} after its list was fixed, and {Amount.Noun(links.Links - job.Links, "is", "are")} not part of this data set.");
        }
    }

    private Task<JobLinks> ReadAsync(LinkSorter? sorter, CancellationToken cancellation) =>
        Measured(linkRead => (_begun ?? _asked).ReadAsync(sorter, store.TemporaryFolder, linkRead, cancellation));

    private void RefuseOtherLinks(JobParameters job, JobLinks links)
    {
        if (links.Sha256 != job.LinksSha256)
        {
            throw new JobRefusedException(
                $"{data} was begun with another list: {Amount.Of(job.Links, "link")} of {job.Source}, and these are {links.Links:N0} of {_asked.Source}; " +
                "use another folder for another list.");
        }
    }

    private void RefuseOtherParameters(JobParameters job)
    {
        JobSource source = _asked;
        if (job.IsFolder != source.IsFolder || (job.IsFolder && job.Source != source.Source))
        {
            throw new JobRefusedException(
                $"{data} was begun with {(job.IsFolder ? "the folder" : "the links of")} {job.Source}, not {source.Source}; use another folder for another source.");
        }

        if (JobOption.Difference(job, spec) is string difference)
        {
            throw new JobRefusedException($"the data set was begun with {difference}; leave the option out, or use another folder.");
        }

        if (job.Rule > PictureRule.Newest)
        {
            throw new JobRefusedException($"{data} was begun by a newer version of koala; continue it with that one.");
        }

        if (codecFingerprint != job.CodecFingerprint)
        {
            throw new JobRefusedException(
                $"{data} was begun with another JPEG library ({job.CodecFingerprint[..16]}, and this machine's is {codecFingerprint[..16]}), " +
                "whose pictures may differ; install the same libturbojpeg as on the first machine ('koala doctor' shows the fingerprint).");
        }
    }
}
