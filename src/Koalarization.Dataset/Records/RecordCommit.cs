using System.Security.Cryptography;
using System.Text.Json;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Records;

/// <summary>
/// The commit of one record, as a sequence of steps of which each is durable before the next begins: content under its data name, manifest, final
/// name, data name gone. The manifest is the commit: before it nothing has happened, after it any process completes the rest.
/// </summary>
internal sealed class RecordCommit(IDataStore store, RecordLayout layout, int number)
{
    /// <summary>The record's number.</summary>
    public int Number => number;

    /// <summary>Commits a finished draft.</summary>
    /// <returns>The manifest that is published.</returns>
    /// <exception cref="RecordConflictException">Something else has the record's name.</exception>
    public RecordManifest Run(IDraft draft, RecordManifest manifest)
    {
        RefuseForeign();
        string data = RecordLayout.Data(number, manifest.Sha256);
        store.Flush([draft]);

        // Where the name is taken the same content is there: the name holds its hash.
        bool isPublished = store.Publish(draft, data);
        store.FlushNames(DataLayout.RecordManifests);
        RecordManifest standing = Fix(manifest);
        bool isOwn = string.Equals(standing.Sha256, manifest.Sha256, StringComparison.Ordinal);
        if (!isOwn)
        {
            store.Remove(data);
        }

        // Also for another writer's manifest: the caller learns of a committed record, even if that writer died in between.
        LinkIfMissing(standing, isWritten: isPublished && isOwn);
        store.FlushNames(layout.Folder);
        RemoveData(standing);
        return standing;
    }

    /// <summary>Gives a committed record its final name, unless it already has one; not durable yet.</summary>
    /// <param name="manifest">The committed record.</param>
    /// <param name="isWritten">Whether the caller has just written what has the data name: it is not read again.</param>
    /// <exception cref="RecordConflictException">The record cannot be completed.</exception>
    public void LinkIfMissing(RecordManifest manifest, bool isWritten = false)
    {
        string data = RecordLayout.Data(number, manifest.Sha256);
        bool isLinked = false;
        if (Standing() is null && store.SizeOf(data) is long bytes)
        {
            if (!isWritten && !DataHolds(data, bytes, manifest))
            {
                throw new RecordConflictException($"{data} does not match {RecordLayout.Manifest(number)}; restore it from a copy, or remove both to have the record made again.");
            }

            isLinked = TryLink(data);
        }

        if (Standing() is not string standing)
        {
            throw new RecordConflictException($"{layout.Final(new RecordName(number))} was finished and is gone; put it back, or remove {RecordLayout.Manifest(number)} to have it made again.");
        }

        // While the data name exists the final name may be another's: looking at its size alone would adopt a foreign file.
        if (!isLinked && store.SizeOf(data) is not null && !Holds(standing, store.SizeOf(standing), manifest))
        {
            throw Foreign(standing);
        }
    }

    /// <summary>Takes the data name away; the final name is durable.</summary>
    public void RemoveData(RecordManifest manifest) => store.Remove(RecordLayout.Data(number, manifest.Sha256));

    /// <summary>Refuses a file that has the record's name and no manifest.</summary>
    private void RefuseForeign()
    {
        // In this order: a file of ours gets its final name after its manifest is there.
        if (Standing() is string standing && store.SizeOf(RecordLayout.Manifest(number)) is null)
        {
            throw Foreign(standing);
        }
    }

    private RecordManifest Fix(RecordManifest manifest)
    {
        StateFile.Publish(store, RecordLayout.Manifest(number), JsonSerializer.SerializeToUtf8Bytes(manifest, DatasetJson.Options));

        // Who won is read back from the store.
        return RecordManifest.Find(store, number)!;
    }

    private bool TryLink(string data)
    {
        try
        {
            return store.PublishAlso(data, layout.Final(new RecordName(number)));
        }
        catch (FileNotFoundException)
        {
            // Another completed the record meanwhile, and took the data name away.
            return false;
        }
    }

    private string? Standing()
    {
        var training = new RecordName(number);
        string name = layout.Final(training), other = layout.Final(training.Other);
        return store.SizeOf(name) is not null ? name : store.SizeOf(other) is not null ? other : null;
    }

    private bool Holds(string name, long? bytes, RecordManifest manifest)
    {
        if (bytes != manifest.Bytes)
        {
            return false;
        }

        using Stream content = store.Open(name);
        return string.Equals(Convert.ToHexStringLower(SHA256.HashData(content)), manifest.Sha256, StringComparison.Ordinal);
    }

    // Between being seen and being opened a data name may go: the process that removes it has made the record's final name durable.
    private bool DataHolds(string data, long bytes, RecordManifest manifest)
    {
        try
        {
            return Holds(data, bytes, manifest);
        }
        catch (FileNotFoundException)
        {
            return true;
        }
    }

    private static RecordConflictException Foreign(string name) => RecordConflictException.Foreign(name);
}
