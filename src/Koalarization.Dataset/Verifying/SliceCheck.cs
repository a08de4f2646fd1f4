using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Verifying;

/// <summary>Compares a slice's manifest with the round's plan, and the pictures with its rows.</summary>
/// <param name="inspection">What all parts share.</param>
/// <param name="job">What the set is made with.</param>
/// <param name="kept">Gets the names of pictures that have a row.</param>
internal sealed class SliceCheck(Inspection inspection, JobParameters job, NameSet kept)
{
    private readonly DataLayout _layout = new(job.FansOut);
    private readonly FileCheck _file = new(inspection);
    private long _originals;
    private long _resized;

    /// <summary>Originals that rows name.</summary>
    public long Originals => _originals;

    /// <summary>Resized pictures that rows name.</summary>
    public long Resized => _resized;

    /// <summary>Looks at one slice, and gives what its manifest says; null where it has none that can be read.</summary>
    public SliceSummary? Run(RoundPlan plan, int slice)
    {
        string name = DataLayout.Slice(plan.Round, slice);
        if (inspection.Store.SizeOf(name) is null)
        {
            // Rows of download only name originals.
            string fetched = DataLayout.Fetched(plan.Round, slice);
            if (inspection.Store.SizeOf(fetched) is not null)
            {
                Check(plan, slice, fetched);
            }

            return null;
        }

        return Check(plan, slice, name);
    }

    /// <summary>Names the pictures that are not those of their rows, once all slices of these rounds were checked.</summary>
    public void ReportChanged(IReadOnlyList<RoundPlan> plans) => _file.ReportChanged(() => plans.SelectMany(Files));

    private static IReadOnlyList<LinkRow> RowsOf(IDataStore store, string name)
    {
        try
        {
            return SliceManifest.Read(store, name).Rows;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            // It was named where it was looked at.
            return [];
        }
    }

    private IEnumerable<(string Name, string Sha256)> Files(RoundPlan plan) =>
        Enumerable.Range(0, plan.Slices)
            .SelectMany(slice => RowsOf(inspection.Store, DataLayout.Slice(plan.Round, slice)))
            .Where(row => row.Original is not null)
            .SelectMany(row => new[] { (_layout.Original(row.Name), row.Original!.Sha256), (_layout.ResizedPicture(row.Name), row.Resized?.Sha256 ?? "") });

    private SliceSummary? Check(RoundPlan plan, int slice, string name)
    {
        SliceManifest? manifest = inspection.Read(name, () => SliceManifest.Read(inspection.Store, name));
        IReadOnlyList<PlannedLink>? links = inspection.Read(DataLayout.PlanLinks(plan.Round), () => plan.ReadSlice(slice));
        if (manifest is null)
        {
            return null;
        }

        CheckSummary(name, plan.Round, slice, manifest);
        if (links is not null && !links.Select(link => link.Name).SequenceEqual(manifest.Rows.Select(row => row.Name), StringComparer.Ordinal))
        {
            inspection.Add(FindingKind.Contradiction, name, "its rows are not the plan's links");
        }

        foreach (LinkRow row in manifest.Rows.Where(row => row.IsKept))
        {
            kept.Add(row.Name);
            CheckPictures(row);
        }

        return manifest.Summary;
    }

    private void CheckSummary(string name, int round, int slice, SliceManifest manifest)
    {
        SliceSummary summary = manifest.Summary;
        var outcomes = manifest.Rows.CountBy(row => row.Outcome).ToDictionary(StringComparer.Ordinal);
        if (summary.Round != round || summary.Slice != slice || summary.Links != manifest.Rows.Count
            || summary.Survivors != manifest.Rows.Count(row => row.IsKept)
            || summary.Outcomes.Count != outcomes.Count || summary.Outcomes.Any(pair => outcomes.GetValueOrDefault(pair.Key) != pair.Value))
        {
            inspection.Add(FindingKind.Contradiction, name, "its first line does not sum up its rows");
        }
    }

    private void CheckPictures(LinkRow row)
    {
        if (row.Original is OriginalFacts original && !job.IsFolder)
        {
            Interlocked.Increment(ref _originals);
            _file.Run(_layout.Original(row.Name), original.Bytes, original.Sha256);
        }

        if (row.Resized is FileFacts resized)
        {
            Interlocked.Increment(ref _resized);
            _file.Run(_layout.ResizedPicture(row.Name), resized.Bytes, resized.Sha256);
        }
    }
}
