using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Slices;
using Koalarization.Harvest.Outages;
using Koalarization.Koala.Download;
using Koalarization.Koala.Reporting;
using Microsoft.Extensions.Logging;

namespace Koalarization.Koala.Node;

/// <summary>Reports outages and left-out pictures of this node, and counts what it does. Writers log their records themselves.</summary>
internal sealed partial class NodeEventReporter(IReporter reporter, ILogger log, NodeActivity activity) : INodeListener
{
    private readonly OutageNoticeFormatter _outages = new(reporter, verbose: false);
    private readonly Lock _lock = new();

    public void LinkEnded(PlannedLink link, LinkRow row) => activity.LinkEnded();

    public void PicturesEmbedded(RecordId record, int pictures) => activity.Written(pictures);

    public void OutageNoticed(OutageNotice notice)
    {
        activity.OutageNoticed(notice);
        lock (_lock)
        {
            _outages.Report(notice);
        }
    }

    public void PictureLeftOut(RecordId record, LeftOutPicture picture) => Log.PictureLeftOut(log, picture.Name, record, picture.Reason);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Left {Picture} out of record {Record}: {Reason}")]
        public static partial void PictureLeftOut(ILogger log, string picture, RecordId record, string reason);
    }
}
