using System.Globalization;
using System.Security.Cryptography;

namespace Koalarization.Dataset.Storage;

/// <summary>
/// The temporary spaces of those who work on a data set: <c>.koala/tmp/R/OWNER</c>. An owner marks there which slices it is working on, so that
/// the process that finds the space of an owner that died knows what it was working on when it did. An owner's space is made once and never
/// again: an owner whose space was removed cannot continue under that name.
/// </summary>
public static class OwnerScratch
{
    private const string Mark = "slice-";

    /// <summary>A name that no other process has or will have: the machine's, its boot's, and random characters.</summary>
    public static string NewName()
    {
        const string BootId = "/proc/sys/kernel/random/boot_id";
        string boot = File.Exists(BootId) ? File.ReadAllText(BootId).Trim()[..8] : "00000000";
        string host = string.Concat(Environment.MachineName.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'));
        return $"{host}-{boot}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
    }

    /// <summary>The temporary space of an owner in a round.</summary>
    public static string Of(int round, string owner) => $"{DataLayout.TemporaryOf(round)}/{owner}";

    /// <summary>Records that the store's owner begins to work on a slice.</summary>
    public static void MarkSlice(FileDataStore store, int round, int slice) => File.Create(MarkOf(store, round, slice)).Dispose();

    /// <summary>Records that the owner's work on a slice ended in order.</summary>
    public static void UnmarkSlice(FileDataStore store, int round, int slice) => File.Delete(MarkOf(store, round, slice));

    /// <summary>
    /// Removes the spaces of all others, who are gone: the caller holds the lock. What they were working on is counted first, durably, as a loss of
    /// those slices.
    /// </summary>
    public static void RemoveOthers(FileDataStore store, string own)
    {
        foreach (string name in store.List(DataLayout.Temporary))
        {
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int round))
            {
                store.RemoveFolder($"{DataLayout.Temporary}/{name}");
                continue;
            }

            RemoveOthers(store, round, owner => string.Equals(owner, own, StringComparison.Ordinal));
            store.RemoveEmptyFolder(DataLayout.TemporaryOf(round));
        }
    }

    /// <summary>Removes the spaces of all in rounds, who are gone: the caller holds the lock and has no such space.</summary>
    public static void RemoveOthersInRounds(FileDataStore store)
    {
        RemoveOthers(store, new HashSet<string>());
        foreach (string name in store.List(DataLayout.Temporary).Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            store.RemoveEmptyFolder($"{DataLayout.Temporary}/{name}");
        }
    }

    /// <summary>
    /// Removes the spaces of all in rounds who are not among those present: they were members of a cluster, and are gone. What they were working on is
    /// counted first, durably, as a loss of those slices. Several may do so at the same time.
    /// </summary>
    public static void RemoveOthers(FileDataStore store, IReadOnlySet<string> present)
    {
        foreach (string name in store.List(DataLayout.Temporary))
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int round))
            {
                RemoveOthers(store, round, present.Contains);
            }
        }
    }

    /// <summary>Removes the space of one owner that is gone; what it was working on is counted first, as a loss of those slices.</summary>
    public static void RemoveLost(FileDataStore store, int round, string owner)
    {
        CountLosses(store, Of(round, owner), owner);
        store.RemoveFolder(Of(round, owner));
    }

    /// <summary>Removes the owner's own space, and the folders around it that have become empty.</summary>
    public static void RemoveOwn(FileDataStore store, int round, string owner)
    {
        store.RemoveFolder(Of(round, owner));
        store.RemoveEmptyFolder(DataLayout.TemporaryOf(round));
        store.RemoveEmptyFolder(DataLayout.Temporary);
    }

    /// <summary>How often the slices of a round were lost with the process that worked on them.</summary>
    public static IReadOnlyDictionary<int, int> Losses(IDataStore store, int round) =>
        store.List(DataLayout.LossFolder(round))
            .Select(name => int.Parse(name.AsSpan(0, name.IndexOf('.')), NumberStyles.None, CultureInfo.InvariantCulture))
            .CountBy(slice => slice)
            .ToDictionary();

    private static void RemoveOthers(FileDataStore store, int round, Func<string, bool> isPresent)
    {
        foreach (string owner in store.List(DataLayout.TemporaryOf(round)).Where(owner => !isPresent(owner)))
        {
            RemoveLost(store, round, owner);
        }
    }

    private static void CountLosses(FileDataStore store, string space, string owner)
    {
        foreach (string mark in store.List(space).Where(name => name.StartsWith(Mark, StringComparison.Ordinal)))
        {
            string[] parts = mark[Mark.Length..].Split('-');
            int round = int.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture);
            int slice = int.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture);
            StateFile.Publish(store, DataLayout.Loss(round, slice, owner), []);
        }
    }

    private static string MarkOf(FileDataStore store, int round, int slice) =>
        Path.Combine(store.TemporaryFolder, string.Create(CultureInfo.InvariantCulture, $"{Mark}{round}-{slice:D6}"));
}
