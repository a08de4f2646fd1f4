using System.Security.Cryptography;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Repairing;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;

namespace Koalarization.Koala.Repair;

/// <summary>A data set, or a folder of records, that is being repaired: nothing gets a name there whose hash is another than the one that was written down.</summary>
/// <param name="Home">What is repaired.</param>
/// <param name="Store">Its files; with a temporary space, unless it is a dry run.</param>
/// <param name="Job">What the data set was begun with; null for a folder of records.</param>
/// <param name="IsDryRun">Whether nothing is changed.</param>
internal sealed record RepairTarget(RecordHome Home, FileDataStore Store, JobParameters? Job, bool IsDryRun)
{
    private readonly Restoration _restoration = new(Store);

    /// <summary>Writes a content, and gives it its name if it has the hash.</summary>
    /// <param name="name">The name.</param>
    /// <param name="sha256">The hash.</param>
    /// <param name="search">What is wanted under other names.</param>
    /// <param name="log">Is told of a folder that was in the way.</param>
    /// <param name="write">Writes the content.</param>
    /// <returns>Whether it has the hash.</returns>
    public bool TryPut(string name, string sha256, ContentSearch search, RepairLog log, Action<Stream> write)
    {
        using IDraft? draft = IsDryRun ? null : Store.NewDraft();
        using (var content = new HashingStream(draft?.Content ?? Stream.Null))
        {
            write(content);
            if (content.Sha256() != sha256)
            {
                return false;
            }
        }

        if (draft is not null && _restoration.Put(draft, name, WantedElsewhere(name, sha256, search)) is string aside)
        {
            log.Note($"A folder was in the place of {name}; it is {aside} now.");
        }

        return true;
    }

    /// <summary>Copies a file of the set to the name that its content belongs to.</summary>
    public bool TryCopy(string from, string name, string sha256, ContentSearch search, RepairLog log)
    {
        try
        {
            return TryPut(name, sha256, search, log, content =>
            {
                using Stream file = Store.Open(from);
                file.CopyTo(content, 1 << 20);
            });
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Gives a name its content from another file of the set, or from what a repair before kept.</summary>
    /// <returns>Where it was; null: nowhere.</returns>
    public string? CopyFromSet(string name, string sha256, ContentSearch search, RepairLog log)
    {
        string aside = $"{Restoration.Aside}/{sha256}";
        return search.Holding(sha256).Append(aside).FirstOrDefault(from => TryCopy(from, name, sha256, search, log)) is not string from ? null
            : from.StartsWith(Restoration.Aside, StringComparison.Ordinal) ? "kept by a repair before"
            : $"was {from}";
    }

    /// <summary>Whether a file has a hash.</summary>
    public bool Has(string name, string sha256)
    {
        try
        {
            if (Store.SizeOf(name) is null)
            {
                return false;
            }

            using Stream file = Store.Open(name);
            return Convert.ToHexStringLower(SHA256.HashData(file)) == sha256;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Removes what was kept aside: nothing is missing any more.</summary>
    public void End()
    {
        if (!IsDryRun)
        {
            _restoration.End();
        }
    }

    private static string? WantedElsewhere(string name, string sha256, ContentSearch search) =>
        search.WantedIn(name) is string other && other != sha256 ? other : null;
}
