using Koalarization.Dataset;
using Koalarization.Harvest;
using Koalarization.Imaging;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Run;

/// <summary>
/// The whole pipeline over one data set, from wherever it is: what is left of each open round is fetched and resized slice by slice, and records
/// are written beside, as soon as their pictures are known.
/// </summary>
internal sealed class RunStep(RunRequest request, IPictureFitters fitters, Harvester harvester, RecordMaker? records, TimeProvider time)
{
    // What a picture takes in its record; original and resized add a tenth.
    private const double BytesPerPicture = 1.08e6;

    public bool Verbose { get; init; }

    public async Task<RunDone> RunAsync(IReporter reporter, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        using FolderLock @lock = FolderLock.Take(request.Data);
        string owner = OwnerSpace.NewName();
        int round = Math.Max(1, RoundFiles.Read(new FileDataStore(request.Data)).Count);
        var store = new FileDataStore(request.Data, OwnerSpace.Of(round, owner));
        try
        {
            OwnerSpace.RemoveOthers(store, owner);
            RefuseStoreThatReplaces(store);
            JobParameters job = await new JobOpening(request, store, reporter).OpenAsync(cancellation);
            NetworkParameters? network = records is null ? NetworkParameters.Find(store) : await records.OpenAsync(store, job, reporter, cancellation);
            IReadOnlyList<OpenRound> open = OpenRounds(store, network?.PicturesPerRecord ?? RecordMaker.UsualPicturesPerRecord, reporter);
            long worked = await WorkAsync(store, owner, job, open, reporter, cancellation);
            return Summary(store, job, worked, time.GetElapsedTime(start));
        }
        finally
        {
            OwnerSpace.RemoveOwn(store, round, owner);
        }
    }

    private void RefuseStoreThatReplaces(FileDataStore store)
    {
        if (!StoreProbe.PublishesOnceBelow(store.TemporaryFolder))
        {
            throw new UserErrorException(
                $"{request.Data} is on a file system that lets a second file take a name that is taken, so results could be lost; use another one.");
        }
    }

    private IReadOnlyList<OpenRound> OpenRounds(FileDataStore store, int picturesPerRecord, IReporter reporter)
    {
        IReadOnlyList<OpenRound> open = OpenRound.ReadAll(store, picturesPerRecord, orFetched: request.Until == RunUntil.Download);
        if (!RoundChoice.BeginsAnother(open, request.RetryFailed, request.Until))
        {
            if (request.RetryFailed)
            {
                reporter.Say(new Note($"Round {open[0].Plan.Round} is not finished, so this run goes on with it; then --retry-failed begins another."));
            }

            return open;
        }

        int last = RoundFiles.Read(store).Count;
        RoundPlan earlier = RoundPlan.Find(store, last)!;
        if (!RetryPlan.FailedOf(store, earlier).Any())
        {
            reporter.Say(new Note("Every link has its picture; there is nothing to try again."));
            return open;
        }

        RoundPlan plan = RoundPlan.Write(store, last + 1, RetryPlan.FailedOf(store, earlier));
        RoundFiles.Open(store, new RoundOpened(plan.Round, plan.Links, plan.Slices));
        return OpenRound.ReadAll(store, picturesPerRecord, orFetched: false);
    }
}
