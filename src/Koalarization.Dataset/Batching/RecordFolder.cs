using System.Globalization;

namespace Koalarization.Dataset;

/// <summary>What stands in a folder of records, compared with the plan that it is made by.</summary>
public static class RecordFolder
{
    /// <summary>Takes the folder's plan up again, or fixes a new one.</summary>
    /// <param name="work">The folder, locked.</param>
    /// <param name="parameters">What is asked for now.</param>
    /// <param name="pictures">The pictures that there are now; a plan that was fixed earlier keeps its own list.</param>
    /// <exception cref="RecordConflictException">The earlier plan was made with other parameters.</exception>
    public static BatchPlan Plan(WorkFolder work, RecordParameters parameters, IReadOnlyList<string> pictures)
    {
        if (BatchPlan.Find(work) is not BatchPlan earlier)
        {
            RefuseForeign(work, records: 0);
            return BatchPlan.Fix(work, parameters, pictures);
        }

        return parameters.DifferenceFrom(earlier.Parameters) is string difference
            ? throw new RecordConflictException(
                $"{work.Folder} was begun with other parameters: {difference}; use another folder, or --overwrite to make its records anew.")
            : earlier;
    }

    /// <summary>The manifest of each record of the plan that is finished; null where the record is still to be written.</summary>
    /// <exception cref="RecordConflictException">A record was not written by this plan.</exception>
    public static IReadOnlyList<RecordManifest?> Finished(WorkFolder work, BatchPlan plan)
    {
        RefuseForeign(work, plan.Records);
        return [.. Enumerable.Range(0, plan.Records).Select(record => Finished(work, record))];
    }

    /// <summary>Removes the plan and every record, in either set, so that the folder can be made anew.</summary>
    public static void Clear(WorkFolder work)
    {
        foreach ((string path, RecordName _) in Records(work))
        {
            File.Delete(path);
        }

        BatchPlan.Forget(work);
        RecordManifest.ForgetAll(work);
    }

    private static RecordManifest? Finished(WorkFolder work, int record)
    {
        var training = new RecordName(record);
        string? path = Existing(work, training), validation = Existing(work, training.Other);
        if (path is not null && validation is not null)
        {
            throw new RecordConflictException($"{path} and {validation} are one record under two names; remove one of them.");
        }

        if ((path ?? validation) is not string file)
        {
            return null;
        }

        RecordManifest manifest = RecordManifest.Find(work, record) ?? throw Foreign(file);
        long bytes = new FileInfo(file).Length;
        return bytes == manifest.Bytes
            ? manifest
            : throw new RecordConflictException(string.Create(
                CultureInfo.InvariantCulture,
                $"{file} has {bytes} bytes where {manifest.Bytes} were written; remove it to have it made again."));
    }

    private static void RefuseForeign(WorkFolder work, int records)
    {
        foreach ((string path, RecordName name) in Records(work))
        {
            if (name.Number >= records)
            {
                throw Foreign(path);
            }
        }
    }

    private static RecordConflictException Foreign(string path) =>
        new($"{path} was not written by this job; move it away, use another folder, or --overwrite to replace the folder's records.");

    private static string? Existing(WorkFolder work, RecordName name)
    {
        string path = Path.Combine(work.Folder, name.ToString());
        return File.Exists(path) ? path : null;
    }

    private static IEnumerable<(string Path, RecordName Name)> Records(WorkFolder work)
    {
        foreach (string path in Directory.EnumerateFiles(work.Folder, "*.tfrecord"))
        {
            if (RecordName.TryParse(Path.GetFileName(path), out RecordName name))
            {
                yield return (path, name);
            }
        }
    }
}
