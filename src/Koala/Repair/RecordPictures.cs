using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Imaging.Jpeg;
using Koalarization.Records.Compression;

namespace Koalarization.Koala.Repair;

/// <summary>What a record was made from: its pictures in order, without those that were left out, and its parameters.</summary>
/// <param name="Pictures">Each picture's file name, where its resized picture is, and its hash where that is known.</param>
/// <param name="Prefix">What precedes the file name in <c>image_name</c>.</param>
/// <param name="Compatibility">The size of its pictures.</param>
/// <param name="Compression">How it is compressed.</param>
/// <param name="Rule">Which pictures are whole.</param>
internal sealed record RecordPictures(
    IReadOnlyList<(string Name, string Path, string? Sha256)> Pictures, string Prefix, RecordCompatibility Compatibility, RecordCompression Compression, PictureRule Rule)
{
    /// <summary>Width and height of the record's pictures.</summary>
    public int Size => Compatibility == RecordCompatibility.Original ? PreparedPicture.OriginalSize : PreparedPicture.Size;

    /// <summary>The pictures of a record; null where nothing says them.</summary>
    /// <exception cref="InvalidDataException">The state that says them is damaged.</exception>
    public static RecordPictures? Of(RepairTarget target, RecordManifest manifest)
    {
        HashSet<string> leftOut = [.. manifest.LeftOut.Select(picture => picture.Name)];
        return target.Job is JobParameters job ? OfSet(target, job, manifest, leftOut) : OfFolder(target, manifest, leftOut);
    }

    private static RecordPictures? OfSet(RepairTarget target, JobParameters job, RecordManifest manifest, HashSet<string> leftOut)
    {
        if (NetworkParameters.Find(target.Store) is not NetworkParameters network || manifest.Origin is not RecordOrigin origin)
        {
            return null;
        }

        var layout = new DataLayout(job.FansOut);
        var work = new RecordWork(manifest.Record, origin.Round, origin.FirstSlice, origin.LastSlice, origin.Offset, origin.Count);
        return new RecordPictures(
            [
                .. Survivors.Of(target.Store, work).Where(row => !leftOut.Contains(row.Name) && row.Resized is not null)
                    .Select(row => (row.Name, target.Store.PathOf(layout.ResizedPicture(row.Name)), (string?)row.Resized!.Sha256)),
            ],
            job.ImageNamePrefix, CompatibilityOf(network.Compatibility), CompressionOf(network.Compression), job.Rule);
    }

    // The prefix of a folder's records is the source folder as it was typed.
    private static RecordPictures? OfFolder(RepairTarget target, RecordManifest manifest, HashSet<string> leftOut)
    {
        if (BatchPlan.Find(target.Store) is not BatchPlan plan || manifest.Record >= plan.Records)
        {
            return null;
        }

        RecordParameters its = plan.Parameters;
        return new RecordPictures(
            [.. plan.PicturesOf(manifest.Record).Where(name => !leftOut.Contains(name)).Select(name => (name, PictureFolder.PathOf(its.ImageNamePrefix, name), (string?)null))],
            its.ImageNamePrefix, CompatibilityOf(its.Compatibility), CompressionOf(its.Compression), its.Rule);
    }

    private static RecordCompatibility CompatibilityOf(string name) => Enum.Parse<RecordCompatibility>(name, ignoreCase: true);

    private static RecordCompression CompressionOf(string name) => Enum.Parse<RecordCompression>(name, ignoreCase: true);
}
