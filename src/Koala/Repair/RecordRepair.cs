using Koalarization.Dataset.Records;
using Koalarization.Dataset.Repairing;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Verifying;
using Koalarization.Koala.Compress;
using Koalarization.Records.Compression;
using Koalarization.Records.Framing;

namespace Koalarization.Koala.Repair;

/// <summary>
/// Restores records, by the hashes in their manifests: from a content that was committed and not named, from a file under another name, from a packed copy, or
/// written again from the Examples that are left, the resized pictures, and the network.
/// </summary>
/// <param name="target">The data set or folder.</param>
/// <param name="rebuild">Writes records again.</param>
/// <param name="log">Is told of each record.</param>
internal sealed class RecordRepair(RepairTarget target, RecordRebuild rebuild, RepairLog log)
{
    private static readonly Packing[] Packings = [Packing.Zstd, Packing.Gzip, Packing.Zlib];

    private readonly FileDataStore _store = target.Store;
    private readonly RecordLayout _layout = target.Home.Layout;

    public async Task RunAsync(IReadOnlyDictionary<int, Finding> records, CancellationToken cancellation)
    {
        List<(RecordManifest Manifest, Finding Finding)> damaged = [];
        foreach ((int number, Finding finding) in records)
        {
            if (ManifestOf(number) is RecordManifest manifest)
            {
                damaged.Add((manifest, finding));
            }
            else
            {
                log.Lost(finding.Name, LostState.OfRecordManifest);
            }
        }

        var search = new ContentSearch(_store, damaged.Select(record => (record.Manifest.Bytes, record.Manifest.Sha256)));
        search.LookInto(_layout.Folder, below: false, cancellation);
        search.LookInto(Restoration.Aside, below: false, cancellation);
        foreach ((RecordManifest manifest, Finding finding) in damaged)
        {
            cancellation.ThrowIfCancellationRequested();
            await RestoreAsync(manifest, finding, search, cancellation);
        }
    }

    private RecordManifest? ManifestOf(int number)
    {
        try
        {
            return RecordManifest.Find(_store, number);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private async Task RestoreAsync(RecordManifest manifest, Finding finding, ContentSearch search, CancellationToken cancellation)
    {
        var training = new RecordName(manifest.Record);
        string[] standing = [.. new[] { training, training.Other }.Select(_layout.Final).Where(name => _store.SizeOf(name) is not null)];
        string[] whole = [.. standing.Where(name => target.Has(name, manifest.Sha256))];
        if (whole.Length > 0)
        {
            Keep(manifest, whole, standing, finding);
            return;
        }

        string final = standing.FirstOrDefault() ?? NameOf(training);
        (string? from, string reason) = FromFiles(manifest, final, search) is string file
            ? (file, "")
            : await rebuild.TryAsync(manifest, final, search, cancellation);
        if (from is not null)
        {
            log.Restored(final, from);
            RemoveData(manifest);
        }
        else
        {
            log.Lost(final, reason);
        }
    }

    // A split that was killed left both names; what has both is for validation, as split sees it.
    private void Keep(RecordManifest manifest, string[] whole, string[] standing, Finding finding)
    {
        if (whole.Length == 2)
        {
            if (!target.IsDryRun)
            {
                _store.Remove(whole[0]);
                _store.FlushNames(_layout.Folder);
            }

            log.Restored(whole[1], $"had the name {whole[0]} too");
        }
        else if (standing.Length == 2)
        {
            log.LeftAlone(new Finding(FindingKind.TwoNames, standing.Except(whole).Single(), $"is not the record that {whole[0]} is; move it away"));
        }
        else
        {
            log.LeftAlone(finding);
        }

        RemoveData(manifest);
    }

    private void RemoveData(RecordManifest manifest)
    {
        if (!target.IsDryRun)
        {
            _store.Remove(RecordLayout.Data(manifest.Record, manifest.Sha256));
        }
    }

    // Nothing but a name says what a record is for.
    private string NameOf(RecordName training)
    {
        string name = _layout.Final(training), other = _layout.Final(training.Other);
        bool isValidation = !CopiesOf(name).Any() && CopiesOf(other).Any();
        if (!isValidation && _store.List(_layout.Folder).Any(file => RecordName.TryParse(file, out RecordName record) && record.IsValidation))
        {
            log.Note($"{name} had no file, and nothing else says whether it was for validation; if it was, koala split names it so.");
        }

        return isValidation ? other : name;
    }

    private IEnumerable<string> CopiesOf(string record) =>
        Packings.Select(packing => $"{Path.GetDirectoryName(record)}/{PackedName.Of(Path.GetFileName(record), packing)}".TrimStart('/'))
            .Where(copy => _store.SizeOf(copy) is not null);

    private string? FromFiles(RecordManifest manifest, string final, ContentSearch search)
    {
        string data = RecordLayout.Data(manifest.Record, manifest.Sha256);
        if (target.TryCopy(data, final, manifest.Sha256, search, log))
        {
            return "was committed and had not got its name";
        }

        if (target.CopyFromSet(final, manifest.Sha256, search, log) is string from)
        {
            return from;
        }

        var training = new RecordName(manifest.Record);
        return CopiesOf(_layout.Final(training)).Concat(CopiesOf(_layout.Final(training.Other)))
            .FirstOrDefault(copy => TryUnpack(copy, manifest, final, search)) is string packed ? $"unpacked from {packed}" : null;
    }

    private bool TryUnpack(string copy, RecordManifest manifest, string final, ContentSearch search)
    {
        try
        {
            // The copy may be packed as the record itself was, or a record that was not.
            return Array.Exists(
                [RecordCompression.None, RecordCompression.Gzip, RecordCompression.Zlib],
                compression => target.TryPut(final, manifest.Sha256, search, log, content => Unpack(_store.PathOf(copy), compression, content)));
        }
        catch (Exception exception) when (exception is TFRecordException or InvalidDataException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Unpack(string copy, RecordCompression compression, Stream content)
    {
        using PackedRecords records = PackedRecords.Open(copy);
        using var writer = new TFRecordWriter(content, compression);
        while (records.TryRead(out ReadOnlyMemory<byte> record))
        {
            writer.Append(record.Span);
        }

        writer.Complete();
    }
}
