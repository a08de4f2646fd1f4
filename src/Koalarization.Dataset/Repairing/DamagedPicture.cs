using Koalarization.Dataset.Planning;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Repairing;

/// <summary>An original or a resized picture that is not what its row says.</summary>
/// <param name="Name">Its name in the data set.</param>
/// <param name="IsOriginal">Whether it is an original.</param>
/// <param name="Round">The round that kept it.</param>
/// <param name="Link">Its link.</param>
/// <param name="Row">Its row.</param>
public sealed record DamagedPicture(string Name, bool IsOriginal, int Round, PlannedLink Link, LinkRow Row)
{
    /// <summary>The size that it should have.</summary>
    public long Bytes => IsOriginal ? Row.Original!.Bytes : Row.Resized!.Bytes;

    /// <summary>The hash that it should have.</summary>
    public string Sha256 => IsOriginal ? Row.Original!.Sha256 : Row.Resized!.Sha256;

    /// <summary>Finds the rows of pictures, as far as rounds, plans and manifests can be read.</summary>
    /// <param name="store">The data set.</param>
    /// <param name="job">What it was begun with.</param>
    /// <param name="names">The pictures' names in the data set.</param>
    public static IReadOnlyList<DamagedPicture> Find(IDataStore store, JobParameters job, IReadOnlySet<string> names)
    {
        if (names.Count == 0)
        {
            return [];
        }

        var layout = new DataLayout(job.FansOut);
        List<DamagedPicture> found = [];
        foreach ((RoundOpened opened, RoundClosed? _) in RoundFiles.Read(store))
        {
            RoundPlan? plan = ReadOrNull(() => RoundPlan.Find(store, opened.Round));
            for (int slice = 0; slice < plan?.Slices; slice++)
            {
                string name = DataLayout.Slice(plan.Round, slice);
                name = store.SizeOf(name) is null ? DataLayout.Fetched(plan.Round, slice) : name;
                if (store.SizeOf(name) is null || ReadOrNull(() => SliceManifest.Read(store, name)) is not SliceManifest manifest || ReadOrNull(() => plan.ReadSlice(slice)) is not { } links)
                {
                    continue;
                }

                foreach ((LinkRow row, PlannedLink link) in manifest.Rows.Zip(links).Where(pair => pair.First.IsKept))
                {
                    found.AddRange(Damaged(layout, names, plan.Round, link, row));
                }
            }
        }

        return found;
    }

    private static IEnumerable<DamagedPicture> Damaged(DataLayout layout, IReadOnlySet<string> names, int round, PlannedLink link, LinkRow row)
    {
        string original = layout.Original(row.Name), resized = layout.ResizedPicture(row.Name);
        if (row.Original is not null && names.Contains(original))
        {
            yield return new DamagedPicture(original, IsOriginal: true, round, link, row);
        }

        if (row.Resized is not null && names.Contains(resized))
        {
            yield return new DamagedPicture(resized, IsOriginal: false, round, link, row);
        }
    }

    // What cannot be read was named by the verification.
    private static T? ReadOrNull<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            return null;
        }
    }
}
