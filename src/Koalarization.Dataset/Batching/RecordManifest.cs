using System.Text.Json;

namespace Koalarization.Dataset;

/// <summary>What one record holds. It is published before the record gets its final name: a record without one was written by somebody else.</summary>
/// <param name="Record">The record's number.</param>
/// <param name="Pictures">Pictures in the record.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Sha256">Hash of the file, lower-case hex.</param>
/// <param name="LeftOut">Pictures of the plan that the record does not have, and why.</param>
public sealed record RecordManifest(int Record, int Pictures, long Bytes, string Sha256, IReadOnlyList<LeftOutPicture> LeftOut)
{
    private const string Folder = "records";

    /// <summary>The manifest of a record, or null.</summary>
    /// <exception cref="InvalidDataException">It is not whole.</exception>
    public static RecordManifest? Find(WorkFolder work, int record)
    {
        string path = Path.Combine(work.State, NameOf(record));
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<RecordManifest>(File.ReadAllBytes(path), DatasetJson.Options);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path} is not a manifest that koala wrote; use --overwrite to make the records anew.", exception);
        }
    }

    /// <summary>
    /// Publishes the manifest of a record that is about to get its name. A manifest that is there already is of a run that was killed before
    /// its record had one: that record is gone, and the manifest with it.
    /// </summary>
    internal void Publish(WorkFolder work)
    {
        Forget(work, Record);
        work.PublishState(NameOf(Record), JsonSerializer.SerializeToUtf8Bytes(this, DatasetJson.Options));
    }

    /// <summary>Removes the manifest of one record, where there is one.</summary>
    internal static void Forget(WorkFolder work, int record)
    {
        string path = Path.Combine(work.State, NameOf(record));
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    /// <summary>Removes the folder's manifests.</summary>
    internal static void ForgetAll(WorkFolder work)
    {
        string folder = Path.Combine(work.State, Folder);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string NameOf(int record) => Path.Combine(Folder, $"{record}.json");
}
