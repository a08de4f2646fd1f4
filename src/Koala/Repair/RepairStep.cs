using System.CommandLine;
using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Projections;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Repairing;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Verifying;
using Koalarization.Imaging.Jpeg;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Download;
using Koalarization.Koala.Failures;
using Koalarization.Koala.LabBatch;
using Koalarization.Koala.Reporting;
using Koalarization.Koala.Run;
using Koalarization.Koala.Verify;

namespace Koalarization.Koala.Repair;

/// <summary>Verifies a data set, or a folder of records, and restores what is damaged: state first, then pictures, records, and views.</summary>
internal sealed class RepairStep(
    RecordHome home, NetworkOptions networkOptions, FetchLimits limits, ParseResult arguments, KoalaServices services, TimeProvider time)
{
    private static readonly int Parallel = Environment.ProcessorCount;

    /// <summary>Whether nothing is changed.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Whether originals are fetched from their links.</summary>
    public bool Fetches { get; init; }

    public async Task<RepairDone> RunAsync(string folder, IReporter reporter, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        var log = new RepairLog(reporter, IsDryRun);
        if (IsDryRun)
        {
            using FolderLock @lock = FolderLock.Take(home.Root);
            RefuseCluster();
            await RepairAsync(new FileDataStore(home.Root), log, reporter, cancellation);
        }
        else
        {
            using WorkFolder work = WorkFolder.Open(home.Root);
            RefuseCluster();
            string owner = OwnerScratch.NewName();
            DataOwner? before = home.IsDataSet ? SetOwnership.Take(work.Store, owner, "koala repair") : null;
            OwnerScratch.RemoveOthersInRounds(work.Store);
            await RepairAsync(work.Store, log, reporter, cancellation);
            if (before is { Kind: DataOwnerKind.None })
            {
                DataOwners.PublishNext(work.Store, DataOwnerKind.None, owner, before.Note);
            }
        }

        return new RepairDone(folder, IsDryRun, log.RestoredFiles, log.LostFiles, log.ProblemsLeft, time.GetElapsedTime(start).TotalSeconds);
    }

    private void RefuseCluster()
    {
        if (home.IsDataSet)
        {
            SetOwnership.RefuseCluster(home.Root, "let it finish there, or take the set over with koala run --take-over if that cluster is gone for good.");
        }
    }

    private async Task RepairAsync(FileDataStore store, RepairLog log, IReporter reporter, CancellationToken cancellation)
    {
        var target = new RepairTarget(home, store, home.IsDataSet ? JobParameters.Find(store) : null, IsDryRun);
        DamageMap damage = await VerifyAsync(reporter, cancellation);
        HashSet<string> restored = [];
        if (target.Job is not null && RestoreState(store, log, restored) && !IsDryRun)
        {
            // What was behind a plan that could not be read is seen only now.
            damage = await VerifyAsync(reporter, cancellation);
        }

        IJpegCodec codec = CodecChoice.Choose(reporter, services);
        if (target.Job is JobParameters job)
        {
            OriginalFetch? fetch = Fetches ? new OriginalFetch(limits, arguments, round => RulesOf(store, round), services, reporter, time) : null;
            await new PictureRepair(target, job, codec, fetch, Parallel, log).RunAsync(DamagedPicture.Find(store, job, damage.Pictures), cancellation);
        }

        await using var network = new SetNetwork(networkOptions, arguments, target, reporter, time);
        await new RecordRepair(target, new RecordRebuild(target, codec, network, log), log).RunAsync(damage.Records, cancellation);
        if (target.Job is not null)
        {
            RestoreEnds(store, missing: true, log, restored);
            RestoreViews(store, log, restored, cancellation);
        }

        EndOthers(store, damage, restored, log);
        if (log.LostFiles == 0)
        {
            target.End();
        }
    }

    private async Task<DamageMap> VerifyAsync(IReporter reporter, CancellationToken cancellation)
    {
        var damage = new DamageMap();
        var verification = new RecordVerification(home, isQuick: false, Parallel);
        long items = verification.EstimateItems();
        await reporter.MeasureAsync("verify", items > 0 ? items : null, meter => Task.Run(
            () => verification.Run(damage.Add, meter.Advance, cancellation), cancellation));
        return damage;
    }

    /// <summary>Restores what all else depends on; returns whether anything was.</summary>
    private bool RestoreState(FileDataStore store, RepairLog log, HashSet<string> restored)
    {
        foreach (string name in DerivedState.RestorePlans(store, () => LinksOfIndex(store), changes: !IsDryRun))
        {
            restored.Add(name);
            restored.Add(name.Replace("links.jsonl", "index.json", StringComparison.Ordinal));
            log.Restored(name, "written again from the set's other files");
        }

        RestoreEnds(store, missing: false, log, restored);
        return restored.Count > 0;
    }

    private void RestoreEnds(FileDataStore store, bool missing, RepairLog log, HashSet<string> restored)
    {
        foreach (int round in DerivedState.RestoreEnds(store, missing, changes: !IsDryRun))
        {
            string name = DataLayout.RoundClosed(round);
            if (restored.Add(name))
            {
                restored.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"round {round}"));
                log.Restored(name, "written again from the slices");
            }
        }
    }

    private void RestoreViews(FileDataStore store, RepairLog log, HashSet<string> restored, CancellationToken cancellation)
    {
        if (!DerivedState.IsFinished(store) || DerivedState.StaleViews(store) is not { Count: > 0 } stale)
        {
            return;
        }

        try
        {
            if (!IsDryRun)
            {
                SetViews.Replace(store, cancellation);
            }

            foreach (Finding view in stale)
            {
                restored.Add(view.Name);
                log.Restored(view.Name, "written again from the manifests");
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or FileNotFoundException or ArgumentOutOfRangeException)
        {
            foreach (Finding view in stale)
            {
                restored.Add(view.Name);
                log.Lost(view.Name, "it is made from the manifests, and one of them is damaged");
            }
        }
    }

    // What was found beside pictures and records: state that nothing gives, rounds that are not finished, files that are not of the set.
    private void EndOthers(FileDataStore store, DamageMap damage, HashSet<string> restored, RepairLog log)
    {
        foreach (Finding finding in damage.Others.Where(finding => !restored.Contains(finding.Name)).DistinctBy(finding => finding.Name))
        {
            if (finding.Kind == FindingKind.Temporary)
            {
                if (!IsDryRun && finding.Name.StartsWith($"{DataLayout.RecordManifests}/", StringComparison.Ordinal))
                {
                    store.Remove(finding.Name);
                }
            }
            else if (finding.Kind == FindingKind.Unfinished || finding.IsNote)
            {
                log.Note($"{FindingNames.Of(finding.Kind)}: {finding.Name}: {finding.Detail}");
            }
            else if (finding.Kind is FindingKind.Missing or FindingKind.Damaged or FindingKind.Changed && LostState.Of(finding) is string meaning)
            {
                log.Lost(finding.Name, meaning);
            }
            else
            {
                log.LeftAlone(finding);
            }
        }
    }

    private static FetchRules? RulesOf(FileDataStore store, int round) =>
        RoundFiles.Read(store).FirstOrDefault(opened => opened.Opened.Round == round).Opened?.Fetch;

    // Of a list without further columns these are the links of its plan, to the byte.
    private static IEnumerable<PlannedLink> LinksOfIndex(FileDataStore store)
    {
        if (store.SizeOf(DataLayout.Index) is null)
        {
            yield break;
        }

        using var reader = new StreamReader(store.Open(DataLayout.Index));
        foreach (IReadOnlyList<string> row in CsvRows.Read(reader).Skip(1).Where(row => row.Count > 2))
        {
            yield return new PlannedLink(row[0], row[1].Length == 0 ? null : row[1], row[2].Length == 0 ? null : row[2]);
        }
    }
}
