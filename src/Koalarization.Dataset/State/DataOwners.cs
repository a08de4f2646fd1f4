using System.Globalization;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.State;

/// <summary>
/// The owners of a data set, one after the other: each publishes the next epoch before it begins, and workers refuse what is said in an earlier one's
/// name. An epoch's file never changes.
/// </summary>
public static class DataOwners
{
    private const string Ending = ".json";

    /// <summary>The highest epoch; 0 where there is none.</summary>
    public static long NewestEpoch(IDataStore store) =>
        store.List(DataLayout.Owners).Select(EpochOf).DefaultIfEmpty(0).Max();

    /// <summary>Who has the data set in work; null where there was none.</summary>
    /// <exception cref="InvalidDataException">The file is not what this program wrote.</exception>
    public static DataOwner? Newest(IDataStore store) =>
        NewestEpoch(store) is > 0 and long epoch ? StateFile.Find<DataOwner>(store, DataLayout.Owner(epoch)) : null;

    /// <summary>Publishes the next epoch, durably. Of several who do so at once each gets its own.</summary>
    /// <param name="store">Where.</param>
    /// <param name="kind">What takes the data set into work.</param>
    /// <param name="owner">Its process, which publishes one at a time.</param>
    /// <param name="note">More of it, for a person.</param>
    public static DataOwner PublishNext(IDataStore store, DataOwnerKind kind, string owner, string note)
    {
        for (long epoch = NewestEpoch(store) + 1; ; epoch++)
        {
            // Who won is read back from the store: the answer to a publishing can be lost.
            DataOwner standing = StateFile.Fix(store, DataLayout.Owner(epoch), new DataOwner(epoch, kind, owner, note));
            if (string.Equals(standing.Owner, owner, StringComparison.Ordinal))
            {
                return standing;
            }
        }
    }

    private static long EpochOf(string name) =>
        name.EndsWith(Ending, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(0, name.Length - Ending.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long epoch)
            ? epoch
            : 0;
}
