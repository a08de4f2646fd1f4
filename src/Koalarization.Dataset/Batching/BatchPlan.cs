using System.Text.Json;

namespace Koalarization.Dataset;

/// <summary>
/// Which pictures go into which record of a folder: fixed at the first run, so that a run that was stopped goes on with the same records.
/// Record k holds pictures kN to kN + N - 1 of the list, less those that do not decode.
/// </summary>
public sealed class BatchPlan
{
    private const string FileName = "lab-batch.json";

    private BatchPlan(RecordParameters parameters, IReadOnlyList<string> pictures)
    {
        Parameters = parameters;
        Pictures = pictures;
    }

    /// <summary>What the records are made with.</summary>
    public RecordParameters Parameters { get; }

    /// <summary>File names, in record order.</summary>
    public IReadOnlyList<string> Pictures { get; }

    /// <summary>How many records the list makes.</summary>
    public int Records => Pictures.Count == 0 ? 0 : ((Pictures.Count - 1) / Parameters.PicturesPerRecord) + 1;

    /// <summary>The plan that an earlier run fixed in this folder, or null.</summary>
    /// <exception cref="InvalidDataException">The plan is not whole.</exception>
    public static BatchPlan? Find(WorkFolder work) => Read(work.Folder);

    /// <summary>The plan that a folder of records was made by, or null; the folder need not be locked.</summary>
    /// <exception cref="InvalidDataException">The plan is not whole.</exception>
    public static BatchPlan? Read(string folder)
    {
        string path = Path.Combine(folder, WorkFolder.StateName, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            Stored stored = JsonSerializer.Deserialize<Stored>(File.ReadAllBytes(path), DatasetJson.Options)!;
            return new BatchPlan(stored.Parameters, stored.Pictures);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path} is not a plan that koala wrote; remove the folder {Path.GetDirectoryName(path)} to start anew.", exception);
        }
    }

    /// <summary>Fixes the list of pictures for this folder.</summary>
    public static BatchPlan Fix(WorkFolder work, RecordParameters parameters, IReadOnlyList<string> pictures)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(new Stored(parameters, pictures), DatasetJson.Options);
        work.PublishState(FileName, json);
        return new BatchPlan(parameters, pictures);
    }

    /// <summary>Removes the folder's plan.</summary>
    internal static void Forget(WorkFolder work) => File.Delete(Path.Combine(work.State, FileName));

    /// <summary>The pictures of one record, in order.</summary>
    public IEnumerable<string> PicturesOf(int record)
    {
        int first = record * Parameters.PicturesPerRecord;
        int last = first + Math.Min(Parameters.PicturesPerRecord, Pictures.Count - first);
        for (int i = first; i < last; i++)
        {
            yield return Pictures[i];
        }
    }

    private sealed record Stored(RecordParameters Parameters, IReadOnlyList<string> Pictures);
}
