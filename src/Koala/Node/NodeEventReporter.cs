using Koalarization.Cluster.Hosting;
using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Records;
using Koalarization.Harvest.Outages;
using Koalarization.Koala.Download;
using Koalarization.Koala.Reporting;
using Microsoft.Extensions.Logging;

namespace Koalarization.Koala.Node;

/// <summary>Says what people should know of the work in this process: of links only when the network or a host fails. Writers log their records themselves.</summary>
internal sealed partial class NodeEventReporter(IReporter reporter, ILogger log) : INodeListener
{
    private readonly OutageNoticeFormatter _harvest = new(reporter, verbose: false);
    private readonly Lock _gate = new();

    public void OutageNoticed(OutageNotice notice)
    {
        lock (_gate)
        {
            _harvest.Say(notice);
        }
    }

    public void PictureLeftOut(RecordId record, LeftOutPicture picture) => Log.PictureLeftOut(log, picture.Name, record, picture.Reason);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Picture} is not in record {Record}: {Reason}")]
        public static partial void PictureLeftOut(ILogger log, string picture, RecordId record, string reason);
    }
}
