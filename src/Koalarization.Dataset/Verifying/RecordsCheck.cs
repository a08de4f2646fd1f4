using System.Collections.Concurrent;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Wording;

namespace Koalarization.Dataset.Verifying;

/// <summary>Compares the files under records' names with the records' manifests, and each with what it should hold.</summary>
internal sealed class RecordsCheck(Inspection inspection, RecordLayout layout)
{
    private const string ManifestEnding = ".json";
    private const string DataEnding = ".data";

    private readonly Dictionary<int, RecordManifest> _manifests = [];
    private readonly HashSet<int> _unreadable = [];
    private long _pictures;

    /// <summary>The manifests that can be read, by number.</summary>
    public IReadOnlyDictionary<int, RecordManifest> Manifests => _manifests;

    /// <summary>Pictures in the records.</summary>
    public long Pictures => _pictures;

    /// <summary>Files under records' names.</summary>
    public long Files { get; private set; }

    /// <summary>Reads the manifests.</summary>
    public void ReadManifests()
    {
        foreach (string name in inspection.Store.List(DataLayout.RecordManifests).Where(name => name.EndsWith(ManifestEnding, StringComparison.Ordinal)))
        {
            string full = $"{DataLayout.RecordManifests}/{name}";
            if (!int.TryParse(name.AsSpan(0, name.Length - ManifestEnding.Length), out int number))
            {
                inspection.Add(FindingKind.Foreign, full, "is no record's manifest");
            }
            else if (inspection.Read(full, () => RecordManifest.Find(inspection.Store, number)) is RecordManifest manifest)
            {
                _manifests.Add(number, manifest);
            }
            else
            {
                _unreadable.Add(number);
            }
        }
    }

    /// <summary>Looks at all records.</summary>
    /// <param name="expectationOf">What a record should hold, by its number and manifest.</param>
    /// <param name="cancellation">Stops looking.</param>
    public void Run(Func<int, RecordManifest?, ExpectedRecord> expectationOf, CancellationToken cancellation)
    {
        ILookup<int, RecordName> files = ReadNames();
        Files = files.Sum(record => (long)record.Count());
        bool hasManifests = _manifests.Count + _unreadable.Count > 0 || inspection.Store.SizeOf(DataLayout.Job) is not null;
        foreach (IGrouping<int, RecordName> record in files)
        {
            CheckNames(record, hasManifests);
        }

        CheckMissing(files);
        CheckData(files);
        var hashes = new ConcurrentBag<(RecordName Record, string Sha256)>();
        Parallel.ForEach(files.SelectMany(record => record).OrderBy(record => record.Number), inspection.ParallelUntil(cancellation), record =>
        {
            RecordManifest? manifest = _manifests.GetValueOrDefault(record.Number);
            if (Check(record, expectationOf(record.Number, manifest)) is string sha256)
            {
                hashes.Add((record, sha256));
            }
        });
        CompareHashes(hashes);
    }

    private ILookup<int, RecordName> ReadNames()
    {
        List<RecordName> names = [];
        foreach (string file in inspection.Store.List(layout.Folder).Where(name => name != DataLayout.State))
        {
            if (RecordName.TryParse(file, out RecordName name))
            {
                names.Add(name);
            }
            else if (!RecordName.IsOfCopy(file) && (layout.Folder.Length > 0 || RecordName.Resembles(file)))
            {
                bool misleads = RecordName.Resembles(file);
                inspection.Add(
                    misleads ? FindingKind.Extra : FindingKind.Foreign, InFolder(file), misleads ? "is named like a record and is none of this set" : "is no record");
            }
        }

        return names.ToLookup(name => name.Number);
    }

    private void CheckNames(IGrouping<int, RecordName> record, bool hasManifests)
    {
        if (record.Count() > 1)
        {
            inspection.Add(FindingKind.TwoNames, layout.Final(record.First()), $"{layout.Final(record.First().Other)} is there as well; 'koala split' ends what left both");
        }

        if (hasManifests && !_manifests.ContainsKey(record.Key) && !_unreadable.Contains(record.Key))
        {
            inspection.Add(FindingKind.Extra, layout.Final(record.First()), "has no manifest, so this program did not finish it here");
        }
    }

    private void CheckMissing(ILookup<int, RecordName> files)
    {
        foreach (int number in _manifests.Keys.Order().Where(number => !files.Contains(number)))
        {
            bool isUnlinked = inspection.Store.SizeOf(RecordLayout.Data(number, _manifests[number].Sha256)) is not null;
            inspection.Add(
                isUnlinked ? FindingKind.HalfCommitted : FindingKind.Missing, layout.Final(new RecordName(number)),
                isUnlinked ? "is committed and has not got its name yet; the next run gives it" : "was finished and is gone");
        }

        // Without manifests, only the numbers show a gap.
        if (_manifests.Count == 0 && files.Count > 0)
        {
            int last = files.Max(record => record.Key);
            foreach (int number in Enumerable.Range(0, last).Where(number => !files.Contains(number)))
            {
                inspection.Add(FindingKind.Missing, layout.Final(new RecordName(number)), $"records up to {last} are there, and this one is not");
            }
        }
    }

    private void CheckData(ILookup<int, RecordName> files)
    {
        foreach (string name in inspection.Store.List(DataLayout.RecordManifests).Where(name => name.EndsWith(DataEnding, StringComparison.Ordinal)))
        {
            bool isNeeded = int.TryParse(name.AsSpan(0, name.IndexOf('.')), out int number)
                && _manifests.TryGetValue(number, out RecordManifest? manifest)
                && !files.Contains(number)
                && RecordLayout.Data(number, manifest.Sha256).EndsWith("/" + name, StringComparison.Ordinal);
            if (!isNeeded)
            {
                inspection.Add(FindingKind.Temporary, $"{DataLayout.RecordManifests}/{name}", "is left of a record's commit; the next run removes it");
            }
        }
    }

    /// <summary>Looks at one file; gives its hash where it was read.</summary>
    private string? Check(RecordName record, ExpectedRecord expected)
    {
        string name = layout.Final(record);
        long? bytes = inspection.Store.SizeOf(name);
        if (inspection.IsQuick)
        {
            inspection.Advance(expected.Manifest?.Pictures ?? 0);
            Interlocked.Add(ref _pictures, expected.Manifest?.Pictures ?? 0);
            if (expected.Manifest is RecordManifest manifest && bytes != manifest.Bytes)
            {
                inspection.Add(FindingKind.Changed, name, $"has {Amount.Of(bytes ?? 0, "byte")}, not {manifest.Bytes:N0}");
            }

            return null;
        }

        try
        {
            (string sha256, long pictures) = new RecordContent(inspection).Check(name, expected);
            Interlocked.Add(ref _pictures, pictures);
            return sha256;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            inspection.Add(FindingKind.Damaged, name, FileFaults.Sentence(exception));
            return null;
        }
    }

    private void CompareHashes(IEnumerable<(RecordName Record, string Sha256)> hashes)
    {
        ILookup<string, int> numbers = _manifests.Values.ToLookup(manifest => manifest.Sha256, manifest => manifest.Record, StringComparer.Ordinal);
        foreach ((RecordName record, string sha256) in hashes.OrderBy(file => file.Record.Number))
        {
            if (_manifests.TryGetValue(record.Number, out RecordManifest? manifest) && manifest.Sha256 != sha256)
            {
                string name = layout.Final(record);
                if (numbers.Contains(sha256))
                {
                    inspection.Add(FindingKind.Swapped, name, $"holds record {numbers[sha256].First()}");
                }
                else
                {
                    inspection.Add(FindingKind.Changed, name, "does not have the hash that it was written with");
                }
            }
        }
    }

    private string InFolder(string name) => layout.Folder.Length == 0 ? name : $"{layout.Folder}/{name}";
}
