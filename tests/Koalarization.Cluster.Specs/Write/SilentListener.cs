using Koalarization.Dataset;
using Koalarization.Harvest;

namespace Koalarization.Cluster.Specs;

/// <summary>A listener that tells nobody.</summary>
internal sealed class SilentListener : INodeListener
{
    public void LinkEnded(PlannedLink link, LinkRow row)
    {
    }

    public void Noticed(HarvestNotice notice)
    {
    }

    public void PicturesEmbedded(RecordId record, int pictures)
    {
    }

    public void PictureLeftOut(RecordId record, LeftOutPicture picture)
    {
    }

    public void RecordWritten(RecordId record, RecordManifest manifest)
    {
    }
}
