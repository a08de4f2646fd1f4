using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Verifying;

/// <summary>
/// Checks a data set, or at a folder of records, from end to end, and changes nothing. Everything is compared with what refers to it: pictures with
/// their rows, rows with the plan, records with their manifests and the pictures that they should hold, views with the manifests.
/// </summary>
/// <param name="home">What to look at.</param>
/// <param name="isQuick">Whether names and sizes are enough: nothing is read but the state.</param>
/// <param name="parallel">Files looked at once.</param>
public sealed class RecordVerification(RecordHome home, bool isQuick, int parallel)
{
    /// <summary>How many items <see cref="Run"/> will report to <c>advanced</c>, as far as the state shows.</summary>
    public long EstimateItems()
    {
        var store = new FileDataStore(home.Root);
        try
        {
            SetTotals? totals = home.IsDataSet ? SetTotals.Count(store) : null;
            long pictures = RecordManifests.ReadAll(store).Sum(record => (long)record.Pictures);
            return (2 * (totals?.Kept ?? 0)) + pictures;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            // What is wrong is said when it is looked at.
            return 0;
        }
    }

    /// <summary>Looks.</summary>
    /// <param name="found">Called for each finding, from any thread.</param>
    /// <param name="advanced">Called for files, and pictures in records, that were checked, from any thread.</param>
    /// <param name="cancellation">Stops looking.</param>
    public VerifyTotals Run(Action<Finding> found, Action<long> advanced, CancellationToken cancellation)
    {
        var inspection = new Inspection(new FileDataStore(home.Root), isQuick, parallel, found, advanced);
        var records = new RecordsCheck(inspection, home.Layout);
        records.ReadManifests();
        (long originals, long resized) = home.IsDataSet ? RunSet(inspection, records, cancellation) : RunFolder(inspection, records, cancellation);
        return new VerifyTotals(records.Files, records.Pictures, originals, resized, inspection.Problems, inspection.Notes);
    }

    private static int SizeOf(string compatibility) =>
        string.Equals(compatibility, "original", StringComparison.OrdinalIgnoreCase) ? PreparedPicture.OriginalSize : PreparedPicture.Size;

    private static IReadOnlyList<string> Without(IEnumerable<string> names, RecordManifest? manifest, string prefix)
    {
        HashSet<string> leftOut = manifest?.LeftOut.Select(picture => picture.Name).ToHashSet(StringComparer.Ordinal) ?? [];
        return [.. names.Where(name => !leftOut.Contains(name)).Select(name => prefix + name)];
    }

    private static (long Originals, long Resized) RunSet(Inspection inspection, RecordsCheck records, CancellationToken cancellation)
    {
        IDataStore store = inspection.Store;
        JobParameters job = JobParameters.Find(store)!;
        NetworkParameters? network = inspection.Read(DataLayout.Network, () => NetworkParameters.Find(store));
        if (network is null && records.Manifests.Count > 0 && store.SizeOf(DataLayout.Network) is null)
        {
            inspection.Add(FindingKind.Missing, DataLayout.Network, "there are records, and what they were made with is gone");
        }

        var kept = new NameSet();
        var slices = new SliceCheck(inspection, job, kept);
        var rounds = new RoundCheck(inspection, slices, network?.PicturesPerRecord);
        rounds.Run(cancellation);
        var origins = new OriginCheck(inspection, rounds, network?.KeyWith(job));
        origins.Run(records.Manifests);
        records.Run(
            (number, manifest) => new ExpectedRecord(
                number, manifest,
                origins.SurvivorsOf(number) is IReadOnlyList<string> survivors ? Without(survivors, manifest, job.ImageNamePrefix) : null,
                network is null ? null : SizeOf(network.Compatibility)),
            cancellation);
        var stray = new StrayCheck(inspection);
        stray.Pictures(job, kept, cancellation);
        stray.State();
        if (rounds.AllAreClosed && rounds.RecordsAreComplete)
        {
            new ViewCheck(inspection).Run();
        }

        return (slices.Originals, slices.Resized);
    }

    private static (long Originals, long Resized) RunFolder(Inspection inspection, RecordsCheck records, CancellationToken cancellation)
    {
        BatchPlan? plan = inspection.Read($"{DataLayout.State}/lab-batch.json", () => BatchPlan.Find(inspection.Store));
        for (int number = 0; number < plan?.Records; number++)
        {
            if (inspection.Store.SizeOf(RecordLayout.Manifest(number)) is null)
            {
                inspection.Add(FindingKind.Unfinished, new RecordName(number).ToString(), "is planned and not written; koala lab-batch continues it");
            }
        }

        string? key = plan?.Parameters.Key();
        foreach (RecordManifest manifest in records.Manifests.Values.Where(manifest => key is not null && manifest.Key != key))
        {
            inspection.Add(FindingKind.Contradiction, RecordLayout.Manifest(manifest.Record), "was made with other parameters than the folder's plan");
        }

        records.Run(
            (number, manifest) => new ExpectedRecord(
                number, manifest,
                plan is not null && number < plan.Records ? Without(plan.PicturesOf(number), manifest, plan.Parameters.ImageNamePrefix) : null,
                plan is null ? null : SizeOf(plan.Parameters.Compatibility)),
            cancellation);
        new StrayCheck(inspection).State([.. inspection.Store.List(DataLayout.State).Where(name => name is "records" or "lock" or "tmp" or "repair" || name.StartsWith("lab-batch.", StringComparison.Ordinal))]);
        return (0, 0);
    }
}
