using Koalarization.Dataset;
using Koalarization.Koala.Reporting;
using Koalarization.Records;

namespace Koalarization.Koala.LabBatch;

/// <summary>Writes the records of a folder's plan.</summary>
internal sealed class LabBatchStep(RecordFlow flow, RecordCompression compression, RecordSet set, IReporter reporter, ProgressMeter meter)
{
    /// <summary>Whether every picture is named when it is written.</summary>
    public bool Verbose { get; init; }

    /// <summary>Writes the given records of a plan and returns their manifests.</summary>
    public async Task<IReadOnlyList<RecordManifest>> RunAsync(
        string source, BatchPlan plan, IReadOnlyList<int> records, CancellationToken cancellation)
    {
        List<RecordManifest> manifests = [];
        using var sink = new RecordSink("lab-batch", set, compression, plan.Parameters.Key(), reporter, meter)
        {
            Verbose = Verbose,
            Written = manifests.Add,
        };
        await flow.RunAsync(() => PicturesOf(source, plan, records).ToAsyncEnumerable(), sink, cancellation);
        return manifests;
    }

    private static IEnumerable<RecordPicture> PicturesOf(string source, BatchPlan plan, IReadOnlyList<int> records)
    {
        foreach (int record in records)
        {
            string[] names = [.. plan.PicturesOf(record)];
            for (int i = 0; i < names.Length; i++)
            {
                yield return new RecordPicture(
                    record, i == names.Length - 1, names[i], PictureFolder.PathOf(source, names[i]), plan.Parameters.ImageNamePrefix + names[i], Sha256: null);
            }
        }
    }
}
