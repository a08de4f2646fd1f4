using Koalarization.Dataset.Records;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Koala.LabBatch;

namespace Koalarization.Koala.Inspect;

/// <summary>
/// The network of a folder's records, from the folder's plan: a record itself does not show whether the weights were random. A plan may list
/// millions of pictures, so each folder's is read once. Not thread-safe.
/// </summary>
internal sealed class NetworkNotes
{
    private readonly Dictionary<string, string?> _byFolder = new(StringComparer.Ordinal);

    /// <summary>The network of a record, or null when it is unknown.</summary>
    public string? Of(string recordPath)
    {
        if (!RecordName.TryParse(Path.GetFileName(recordPath), out _))
        {
            return null;
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(recordPath))!;
        if (!_byFolder.TryGetValue(folder, out string? note))
        {
            note = Read(folder);
            _byFolder.Add(folder, note);
        }

        return note;
    }

    private static string? Read(string folder)
    {
        (string Weights, string Precision)? network;
        try
        {
            RecordHome home = RecordHome.Of(folder);
            var store = new FileDataStore(home.Root);
            network = home.IsDataSet
                ? NetworkParameters.Find(store) is NetworkParameters ofSet ? (ofSet.Weights, ofSet.Precision) : null
                : BatchPlan.Find(store)?.Parameters is RecordParameters ofFolder ? (ofFolder.Weights, ofFolder.Precision) : null;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // The record can be shown without it.
            return null;
        }

        if (network is not (string known, string precision))
        {
            return null;
        }

        string weights = known.StartsWith("random:", StringComparison.Ordinal) ? $"{known} (RANDOM weights, not for training)"
            : known == Network.Simulated ? $"{known} (made-up logits, not for training)"
            : "sha256:" + known[..Math.Min(12, known.Length)];
        return $"{weights} {precision}";
    }
}
