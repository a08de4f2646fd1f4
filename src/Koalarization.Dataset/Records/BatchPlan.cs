using System.Globalization;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Records;

/// <summary>
/// Which pictures go into which record of a folder: fixed at the first run, so that a run that was stopped continues the same records.
/// Pictures that came later are a part of their own behind it, with records of their own: what is published never changes.
/// </summary>
public sealed class BatchPlan
{
    private readonly IReadOnlyList<IReadOnlyList<string>> _parts;

    private BatchPlan(RecordParameters parameters, IReadOnlyList<IReadOnlyList<string>> parts)
    {
        Parameters = parameters;
        _parts = parts;
        Pictures = [.. parts.SelectMany(part => part)];
        Records = parts.Sum(RecordsOf);
    }

    /// <summary>What the records are made with.</summary>
    public RecordParameters Parameters { get; }

    /// <summary>File names, in record order.</summary>
    public IReadOnlyList<string> Pictures { get; }

    /// <summary>How many records the list makes.</summary>
    public int Records { get; }

    /// <summary>The plan that a folder's records are made by, or null.</summary>
    /// <exception cref="InvalidDataException">The plan is not what this program wrote.</exception>
    public static BatchPlan? Find(IDataStore store)
    {
        if (StateFile.Find<FirstPart>(store, NameOf(0)) is not FirstPart first)
        {
            return null;
        }

        List<IReadOnlyList<string>> parts = [first.Pictures];
        while (StateFile.Find<LaterPart>(store, NameOf(parts.Count)) is LaterPart later)
        {
            parts.Add(later.Pictures);
        }

        return new BatchPlan(first.Parameters, parts);
    }

    /// <summary>Takes the folder's plan up again, or fixes a new one.</summary>
    /// <param name="store">The folder.</param>
    /// <param name="parameters">What is asked for now.</param>
    /// <param name="pictures">The pictures that there are now; a plan that was fixed earlier keeps its own list.</param>
    /// <exception cref="RecordConflictException">The earlier plan was made with other parameters, or there are records that no plan made.</exception>
    public static BatchPlan Fix(IDataStore store, RecordParameters parameters, IReadOnlyList<string> pictures)
    {
        if (Find(store) is not BatchPlan earlier)
        {
            RefuseForeign(store);
            FirstPart part = StateFile.Fix(store, NameOf(0), new FirstPart(parameters, pictures));
            return new BatchPlan(part.Parameters, [part.Pictures]);
        }

        return parameters.DifferenceFrom(earlier.Parameters) is string difference
            ? throw new RecordConflictException($"the folder was begun with other parameters: {difference}; use another folder.")
            : earlier;
    }

    /// <summary>Removes the folder's plan; its records are gone.</summary>
    public static void Forget(IDataStore store)
    {
        int parts = 0;
        while (store.SizeOf(NameOf(parts)) is not null)
        {
            parts++;
        }

        // From behind, and durably one after the other: a part that outlives the first would be taken for one of the next plan.
        while (parts-- > 0)
        {
            store.Remove(NameOf(parts));
            store.FlushNames(DataLayout.State);
        }
    }

    /// <summary>Fixes those of these pictures that the plan does not have as its next part.</summary>
    public BatchPlan Append(IDataStore store, IReadOnlyList<string> pictures)
    {
        IReadOnlyList<string> more = NotPlanned(pictures);
        return more.Count == 0
            ? this
            : new BatchPlan(Parameters, [.. _parts, StateFile.Fix(store, NameOf(_parts.Count), new LaterPart(more)).Pictures]);
    }

    /// <summary>Those of these pictures that the plan does not have, in their order.</summary>
    public IReadOnlyList<string> NotPlanned(IReadOnlyList<string> pictures)
    {
        var planned = Pictures.ToHashSet(StringComparer.Ordinal);
        return [.. pictures.Where(picture => !planned.Contains(picture))];
    }

    /// <summary>The pictures of one record, in order.</summary>
    public IEnumerable<string> PicturesOf(int record)
    {
        foreach (IReadOnlyList<string> part in _parts)
        {
            if (record < RecordsOf(part))
            {
                return part.Skip(record * Parameters.PicturesPerRecord).Take(Parameters.PicturesPerRecord);
            }

            record -= RecordsOf(part);
        }

        throw new ArgumentOutOfRangeException(nameof(record), record, message: null);
    }

    private static string NameOf(int part) =>
        part == 0 ? $"{DataLayout.State}/lab-batch.json" : string.Create(CultureInfo.InvariantCulture, $"{DataLayout.State}/lab-batch.{part}.json");

    private static void RefuseForeign(IDataStore store)
    {
        if (store.SizeOf(DataLayout.Job) is not null || (store is FileDataStore files && PictureFolder.DataSetOf(files.PathOf("")) is not null))
        {
            throw new RecordConflictException("the folder belongs to a data set of koala run: use koala run for it, or another folder.");
        }

        if (store.List("").FirstOrDefault(name => RecordName.TryParse(name, out _)) is string record)
        {
            throw RecordConflictException.Foreign(record);
        }
    }

    private int RecordsOf(IReadOnlyList<string> part) => part.Count == 0 ? 0 : ((part.Count - 1) / Parameters.PicturesPerRecord) + 1;

    private sealed record FirstPart(RecordParameters Parameters, IReadOnlyList<string> Pictures);

    private sealed record LaterPart(IReadOnlyList<string> Pictures);
}
