using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Splitting;

/// <summary>
/// Puts records aside for validation, and back, by their names. A record has at any time one of its two names or both; both are what a killed
/// split leaves, and the next one ends it.
/// </summary>
/// <param name="store">The folder, locked.</param>
/// <param name="layout">The folder of the records in it.</param>
public sealed class RecordSplit(FileDataStore store, RecordLayout layout)
{
    /// <summary>Gives every record the name that the choice asks for.</summary>
    /// <param name="choice">Which are for validation.</param>
    /// <param name="moved">Called for each record whose name changed.</param>
    /// <param name="cancellation">Stops between two records.</param>
    /// <returns>All records, by number, with whether each is for validation.</returns>
    /// <exception cref="RecordConflictException">There are no records, a file is not of this set, or two different files claim one record.</exception>
    public IReadOnlyDictionary<int, bool> Apply(SplitChoice choice, Action<RecordMove> moved, CancellationToken cancellation = default)
    {
        ILookup<int, RecordName> names = Names();
        RefuseForeign(names);
        var now = names.OrderBy(record => record.Key).ToDictionary(record => record.Key, record => record.Any(name => name.IsValidation));
        IReadOnlySet<int> validation = choice.Choose(now);

        // Everything is looked at before anything is changed.
        var twice = names.Where(record => record.Count() > 1).Select(record => record.Key).ToHashSet();
        foreach (int record in twice)
        {
            RefuseDifferent(new RecordName(record));
        }

        foreach (int record in now.Keys)
        {
            cancellation.ThrowIfCancellationRequested();
            var wanted = new RecordName(record, validation.Contains(record));
            if (now[record] != wanted.IsValidation || twice.Contains(record))
            {
                Move(wanted);
                moved(new RecordMove(record, wanted.IsValidation, twice.Contains(record)));
            }
        }

        store.FlushNames(layout.Folder);
        return now.ToDictionary(record => record.Key, record => validation.Contains(record.Key));
    }

    private void Move(RecordName wanted)
    {
        string from = store.PathOf(layout.Final(wanted.Other)), to = store.PathOf(layout.Final(wanted));
        int error = PublishOnce.TryLink(from, to);
        if (error is Posix.NotSupported or Posix.NotPermitted or Posix.AccessDenied or Posix.TooManyLinks)
        {
            // A mount without hard links, or a file of another user's, which may be renamed and not linked.
            error = Posix.RenameNoReplace(from, to);
        }

        if (error is not (0 or Posix.AlreadyExists))
        {
            throw Posix.Failed("rename", from, error);
        }

        // The new name is durable before the old one goes: after a power loss there is one or both. What has both holds the same: that was looked at.
        store.FlushNames(layout.Folder);
        store.Remove(layout.Final(wanted.Other));
    }

    private ILookup<int, RecordName> Names()
    {
        List<RecordName> names = [];
        foreach (string file in store.List(layout.Folder))
        {
            if (RecordName.TryParse(file, out RecordName name))
            {
                names.Add(name);
            }
            else if (RecordName.Resembles(file))
            {
                throw new RecordConflictException($"{file} is named like a record and is none of this set; move it away.");
            }
        }

        return names.Count > 0
            ? names.ToLookup(name => name.Number)
            : throw new RecordConflictException($"{store.PathOf(layout.Folder)} has no lab_images_K.tfrecord.");
    }

    // Folders that this program did not write have no manifests, and nothing to compare with.
    private void RefuseForeign(ILookup<int, RecordName> names)
    {
        if (store.List(DataLayout.RecordManifests).Count == 0)
        {
            return;
        }

        if (names.FirstOrDefault(record => store.SizeOf(RecordLayout.Manifest(record.Key)) is null) is IGrouping<int, RecordName> foreign)
        {
            throw RecordConflictException.Foreign(layout.Final(foreign.First()));
        }
    }

    private void RefuseDifferent(RecordName name)
    {
        string one = layout.Final(name), other = layout.Final(name.Other);
        using Stream first = store.Open(one), second = store.Open(other);
        if (!SameContent(first, second))
        {
            throw new RecordConflictException($"{one} and {other} claim to be one record and differ; remove the one that is not ('koala verify' says which).");
        }
    }

    private static bool SameContent(Stream first, Stream second)
    {
        byte[] one = new byte[1 << 20], other = new byte[1 << 20];
        while (true)
        {
            int read = first.ReadAtLeast(one, one.Length, throwOnEndOfStream: false);
            int same = second.ReadAtLeast(other, other.Length, throwOnEndOfStream: false);
            if (!one.AsSpan(0, read).SequenceEqual(other.AsSpan(0, same)))
            {
                return false;
            }

            if (read == 0)
            {
                return true;
            }
        }
    }
}
