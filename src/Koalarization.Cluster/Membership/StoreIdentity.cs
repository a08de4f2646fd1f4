using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Koalarization.Dataset.Storage;

namespace Koalarization.Cluster.Membership;

/// <summary>
/// A store's own id, <c>STORE/.koala/store.json</c>, published once by the first node. It is part of the actor systems' name, so that nodes of two stores never
/// become one cluster, also where one gets an address that was the other's.
/// </summary>
internal static partial class StoreIdentity
{
    private const string FileName = DataLayout.State + "/store.json";
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private const string Prefix = "koala-";

    // Leftovers of starts that were killed are removed with the other probes of a store.
    private const string Space = "probe-id-";

    /// <summary>The name of the actor systems of a store's nodes. Touches the disk.</summary>
    /// <param name="root">The store's folder.</param>
    /// <param name="owner">This process.</param>
    /// <exception cref="InvalidDataException">The file is not what a node wrote.</exception>
    public static string SystemNameOf(string root, string owner)
    {
        string? id = Find(new FileDataStore(root)) ?? Publish(root, owner);
        return id is not null && Id().IsMatch(id) ? Prefix + id : throw new InvalidDataException($"{FileName} is not a file that a node wrote; move it away to get another one.");
    }

    private static string? Find(FileDataStore store)
    {
        if (store.SizeOf(FileName) is null)
        {
            return null;
        }

        using Stream content = store.Open(FileName);
        try
        {
            return JsonSerializer.Deserialize<Content>(content, Json)?.Id;
        }
        catch (JsonException unreadable)
        {
            throw new InvalidDataException($"{FileName} is not a file that a node wrote; move it away to get another one.", unreadable);
        }
    }

    private static string? Publish(string root, string owner)
    {
        var store = new FileDataStore(root, $"{DataLayout.State}/{Space}{owner}");
        try
        {
            using (IDraft draft = store.NewDraft(JsonSerializer.SerializeToUtf8Bytes(new Content(RandomNumberGenerator.GetHexString(16, lowercase: true)), Json)))
            {
                store.Flush([draft]);
                store.Publish(draft, FileName);
            }

            store.FlushNames(DataLayout.State);

            // Another node may have been the first.
            return Find(store);
        }
        finally
        {
            store.Close();
        }
    }

    [GeneratedRegex("^[0-9a-f]{16}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();

    private sealed record Content(string Id);
}
