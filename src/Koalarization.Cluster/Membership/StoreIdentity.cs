using System.Text.RegularExpressions;
using Koalarization.Dataset.Storage;

namespace Koalarization.Cluster.Membership;

/// <summary>
/// The name of the actor systems of a store's nodes. The store's mark is part of it, so that nodes of two stores never become one cluster, also where one gets an
/// address that was the other's.
/// </summary>
internal static partial class StoreIdentity
{
    private const string Prefix = "koala-";

    /// <summary>The store's mark, made by the first node. Touches the disk.</summary>
    /// <param name="root">The store's folder.</param>
    /// <param name="trial">A folder below it that no other process uses, relative to it, which the caller removes.</param>
    /// <exception cref="InvalidDataException">The file is not what a node wrote.</exception>
    public static string MarkOf(string root, string trial) =>
        StoreMark.Of(root, trial) is { } mark && Mark().IsMatch(mark)
            ? mark
            : throw new InvalidDataException($"{StoreMark.Name} is not a file that a node wrote.");

    /// <summary>The name for a store with this mark.</summary>
    public static string SystemNameOf(string mark) => Prefix + mark;

    [GeneratedRegex("^[0-9a-f]{32}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Mark();
}
