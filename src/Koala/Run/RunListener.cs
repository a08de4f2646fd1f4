using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Slices;
using Koalarization.Harvest.Outages;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Download;
using Koalarization.Koala.LabBatch;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Run;

/// <summary>Tells a run's user what its actors do.</summary>
internal sealed class RunListener(IReporter reporter, ProgressMeter links, ProgressMeter pictures, bool verbose) : INodeListener
{
    private readonly OutageNoticeFormatter _voice = new(reporter, verbose);

    /// <summary>What ends the run: its output cannot be written any more, or its device has failed.</summary>
    public Exception? Failure { get; private set; }

    public void LinkEnded(PlannedLink link, LinkRow row)
    {
        links.Advance();
        if (verbose)
        {
            Say(new LinkDone(link.Url ?? link.Name, row.Name, row.Outcome, row.Detail, row.Tries));
        }
    }

    public void OutageNoticed(OutageNotice notice) => _voice.Say(notice);

    public void PicturesEmbedded(RecordId record, int count) => pictures.Advance(count);

    public void PictureLeftOut(RecordId record, LeftOutPicture picture) => Say(new LeftOut("run", picture.Name, picture.Reason, picture.Detail));

    public void RecordWritten(RecordId record, RecordManifest manifest) =>
        Say(new RecordWritten(new RecordName(manifest.Record).ToString(), manifest.Pictures, manifest.Bytes, manifest.Sha256));

    public void DeviceLost(string reason) => Failure ??= new UserErrorException(reason);

    private void Say(ReportEvent told)
    {
        try
        {
            reporter.Report(told);
        }
        catch (IOException exception)
        {
            Failure ??= exception;
        }
    }
}
