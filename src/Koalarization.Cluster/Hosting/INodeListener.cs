using Koalarization.Cluster.Wire;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Slices;
using Koalarization.Harvest.Outages;

namespace Koalarization.Cluster.Hosting;

/// <summary>
/// Is notified of events in this process, for people: log lines of a node, the progress of a command. Called from any thread; must not throw, and
/// must not take long. What a listener does not care for it leaves out.
/// </summary>
public interface INodeListener
{
    /// <summary>A link came to its row.</summary>
    void LinkEnded(PlannedLink link, LinkRow row)
    {
    }

    /// <summary>Something about fetching as a whole.</summary>
    void OutageNoticed(OutageNotice notice)
    {
    }

    /// <summary>Pictures of a record got their logits.</summary>
    void PicturesEmbedded(RecordId record, int pictures)
    {
    }

    /// <summary>No device can be used any more.</summary>
    /// <param name="reason">Why, in one sentence.</param>
    void DeviceLost(string reason)
    {
    }

    /// <summary>A picture is in no record.</summary>
    void PictureLeftOut(RecordId record, LeftOutPicture picture)
    {
    }

    /// <summary>A record is committed.</summary>
    void RecordCommitted(RecordId record, RecordManifest manifest)
    {
    }
}
