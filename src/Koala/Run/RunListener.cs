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

/// <summary>Reports the events of a run's actors.</summary>
internal sealed class RunListener(IReporter reporter, bool verbose) : INodeListener
{
    private readonly OutageNoticeFormatter _outages = new(reporter, verbose);

    private long _processed;

    /// <summary>Links that came to their rows, plus pictures that got their logits.</summary>
    public long Processed => Interlocked.Read(ref _processed);

    /// <summary>The failure that ends the run: of its output, or of its device.</summary>
    public Exception? Failure { get; private set; }

    public void LinkEnded(PlannedLink link, LinkRow row)
    {
        Interlocked.Increment(ref _processed);
        if (verbose)
        {
            Report(new LinkDone(link.Url ?? link.Name, row.Name, row.Outcome, row.Detail, row.Tries));
        }
    }

    public void OutageNoticed(OutageNotice notice) => _outages.Report(notice);

    public void PicturesEmbedded(RecordId record, int count) => Interlocked.Add(ref _processed, count);

    public void PictureLeftOut(RecordId record, LeftOutPicture picture) => Report(new LeftOut("run", picture.Name, picture.Reason, picture.Detail));

    public void RecordCommitted(RecordId record, RecordManifest manifest) =>
        Report(new RecordWritten(new RecordName(manifest.Record).ToString(), manifest.Pictures, manifest.Bytes, manifest.Sha256));

    public void DeviceLost(string reason) => Failure ??= new UserErrorException(reason);

    private void Report(ReportEvent message)
    {
        try
        {
            reporter.Report(message);
        }
        catch (IOException exception)
        {
            Failure ??= exception;
        }
    }
}
