using System.Text.Json;
using Koalarization.Dataset.Storage;

namespace Koalarization.Cluster.Membership;

/// <summary>
/// <c>STORE/.koala/members.json</c>: the addresses of the cluster's members, <c>host:port</c>. Its members block, and are called away from actors' threads.
/// </summary>
/// <param name="store">The store's folder.</param>
/// <param name="writer">Distinguishes this node's drafts from those of other control nodes: its address.</param>
/// <param name="isEncrypted">Whether the nodes speak TLS with each other.</param>
internal sealed class SeedNodeFile(string store, string writer, bool isEncrypted = false)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private readonly string _folder = Path.Combine(store, ".koala");

    /// <summary>The file.</summary>
    public string FilePath => Path.Combine(_folder, "members.json");

    // The same name after a kill: what was left then is removed now.
    private string Draft => Path.Combine(_folder, $"members.{writer.Replace(':', '-').Replace('/', '-')}.draft");

    /// <summary>The addresses; none when there are none, or they cannot be read.</summary>
    public IReadOnlyList<string> Read() => ReadContent()?.Members ?? [];

    /// <summary>Whether the nodes speak TLS with each other; null where it is not known.</summary>
    public bool? ReadIsEncrypted() => ReadContent()?.IsEncrypted;

    /// <summary>Replaces the file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(IEnumerable<string> members)
    {
        Directory.CreateDirectory(_folder);

        // A new file, so that it is not written through a link that someone else put there.
        File.Delete(Draft);
        using (var file = new FileStream(Draft, FileMode.CreateNew, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, new Content([.. members.Order(StringComparer.Ordinal)], isEncrypted), Json);
            file.Flush(flushToDisk: true);
        }

        File.Move(Draft, FilePath, overwrite: true);
    }

    private Content? ReadContent()
    {
        try
        {
            RegularFile.Refuse(FilePath);
            return JsonSerializer.Deserialize<Content>(File.ReadAllBytes(FilePath), Json);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private sealed record Content(IReadOnlyList<string> Members, bool? IsEncrypted = null);
}
