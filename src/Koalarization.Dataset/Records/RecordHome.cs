using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Records;

/// <summary>Where a folder of records belongs to: the data set whose <c>tfrecords</c> it is, or itself.</summary>
/// <param name="Root">The folder that has the state (<c>.koala</c>) and the lock.</param>
/// <param name="Layout">The folder of the records, seen from the root.</param>
public sealed record RecordHome(string Root, RecordLayout Layout)
{
    /// <summary>Whether the root is a data set that <c>koala run</c> or a cluster made.</summary>
    public bool IsDataSet => Layout.Folder.Length > 0;

    /// <summary>The folder of the records.</summary>
    public string Records => IsDataSet ? Path.Combine(Root, Layout.Folder) : Root;

    /// <summary>Finds the home of what a user names: a data set, its <c>tfrecords</c>, a folder that has a <c>tfrecords</c>, or a folder of records.</summary>
    /// <param name="folder">The folder; it exists.</param>
    public static RecordHome Of(string folder)
    {
        string trimmed = Path.TrimEndingDirectorySeparator(folder);
        if (HasJob(trimmed))
        {
            return new RecordHome(trimmed, RecordLayout.OfDataSet);
        }

        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(trimmed));
        if (string.Equals(Path.GetFileName(full), DataLayout.Records, StringComparison.Ordinal) && Path.GetDirectoryName(full) is string parent && HasJob(parent))
        {
            string shown = Path.GetDirectoryName(trimmed) is { Length: > 0 } above ? above : parent;
            return new RecordHome(HasJob(shown) ? shown : parent, RecordLayout.OfDataSet);
        }

        string below = Path.Combine(trimmed, DataLayout.Records);
        return new RecordHome(Directory.Exists(below) ? below : trimmed, RecordLayout.OfFolder);
    }

    /// <summary>The number of the data set's round that is open, or null; one that a cluster released counts as not open.</summary>
    /// <exception cref="InvalidDataException">The rounds' files are not what this program wrote.</exception>
    public int? OpenRound()
    {
        if (!IsDataSet)
        {
            return null;
        }

        var store = new FileDataStore(Root);
        if (DataOwners.Newest(store) is { Kind: DataOwnerKind.None })
        {
            return null;
        }

        IReadOnlyList<(RoundOpened Opened, RoundClosed? Closed)> rounds = RoundFiles.Read(store);
        return rounds.FirstOrDefault(round => round.Closed is null).Opened?.Round;
    }

    private static bool HasJob(string folder) => File.Exists(Path.Combine(folder, DataLayout.Job));
}
