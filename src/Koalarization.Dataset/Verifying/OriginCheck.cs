using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Wording;

namespace Koalarization.Dataset.Verifying;

/// <summary>Compares records' manifests with what the rounds' slices give.</summary>
/// <param name="inspection">What all parts share.</param>
/// <param name="rounds">The rounds, looked at.</param>
/// <param name="key">The pipeline key that every record should have; null where nothing says it.</param>
internal sealed class OriginCheck(Inspection inspection, RoundCheck rounds, string? key)
{
    /// <summary>Looks at every manifest, and for those that are missing.</summary>
    public void Run(IReadOnlyDictionary<int, RecordManifest> manifests)
    {
        string[] keys = [.. manifests.Values.Select(manifest => manifest.Key).Distinct(StringComparer.Ordinal)];
        bool isNetworkAtFault = key is not null && keys is [string only] && only != key;
        if (isNetworkAtFault)
        {
            inspection.Add(FindingKind.Contradiction, DataLayout.Network, "is not what the records were made with");
        }

        foreach (RecordManifest manifest in manifests.Values.OrderBy(manifest => manifest.Record))
        {
            Check(manifest, isNetworkAtFault);
        }

        foreach (RecordWork work in rounds.Records.Values.Where(work => inspection.Store.SizeOf(RecordLayout.Manifest(work.Record)) is null).OrderBy(work => work.Record))
        {
            bool isClosed = inspection.Store.SizeOf(DataLayout.RoundClosed(work.Round)) is not null;
            inspection.Add(
                isClosed ? FindingKind.Missing : FindingKind.Unfinished, RecordLayout.Manifest(work.Record),
                isClosed ? "its round is closed, and it is gone" : "its pictures are there, and it is not written; koala run writes it");
        }
    }

    /// <summary>The names of the survivors that a record is made of, in order; null where the slices do not say.</summary>
    public IReadOnlyList<string>? SurvivorsOf(int record)
    {
        if (!rounds.Records.TryGetValue(record, out RecordWork? work))
        {
            return null;
        }

        try
        {
            return [.. Survivors.Of(inspection.Store, work).Select(row => row.Name)];
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            // The slice was named where it was looked at.
            return null;
        }
    }

    private void Check(RecordManifest manifest, bool isNetworkAtFault)
    {
        string name = RecordLayout.Manifest(manifest.Record);
        if (key is not null && !isNetworkAtFault && !string.Equals(manifest.Key, key, StringComparison.Ordinal))
        {
            inspection.Add(FindingKind.Contradiction, name, "was made with other parameters than the set's");
        }

        if (!rounds.Records.TryGetValue(manifest.Record, out RecordWork? work))
        {
            if (rounds.RecordsAreComplete)
            {
                inspection.Add(FindingKind.Extra, name, "the rounds give no such record");
            }

            return;
        }

        var origin = new RecordOrigin(work.Round, work.FirstSlice, work.LastSlice, work.Offset, work.Count);
        if (manifest.Origin != origin)
        {
            inspection.Add(FindingKind.Contradiction, name, "was not made of the pictures that the rounds give it");
        }

        if (manifest.Pictures + manifest.LeftOut.Count != work.Count || manifest.Chroma.Count != manifest.Pictures)
        {
            inspection.Add(FindingKind.WrongCount, name, $"lists {Amount.Of(manifest.Pictures, "picture")} and {manifest.LeftOut.Count:N0} left out, and the rounds give it {work.Count:N0}");
        }
    }
}
