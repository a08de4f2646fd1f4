using System.Text.Json;

namespace Koalarization.Cluster.Membership;

/// <summary>
/// <c>STORE/.koala/members.json</c>: the addresses of the cluster's members, <c>host:port</c>. Its members block, and are called away from actors' threads.
/// </summary>
/// <param name="store">The store's folder.</param>
/// <param name="writer">Distinguishes this node's drafts from those of other control nodes: its address.</param>
internal sealed class SeedNodeFile(string store, string writer)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private readonly string _folder = Path.Combine(store, ".koala");

    /// <summary>The file.</summary>
    public string FilePath => Path.Combine(_folder, "members.json");

    // The same name after a kill: what was left then is overwritten now.
    private string Draft => Path.Combine(_folder, $"members.{writer.Replace(':', '-').Replace('/', '-')}.draft");

    /// <summary>The addresses; none when there are none, or they cannot be read.</summary>
    public IReadOnlyList<string> Read()
    {
        try
        {
            return JsonSerializer.Deserialize<Content>(File.ReadAllBytes(FilePath), Json)?.Members ?? [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>Replaces the file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(IEnumerable<string> members)
    {
        Directory.CreateDirectory(_folder);
        using (var file = new FileStream(Draft, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, new Content([.. members.Order(StringComparer.Ordinal)]), Json);
            file.Flush(flushToDisk: true);
        }

        File.Move(Draft, FilePath, overwrite: true);
    }

    private sealed record Content(IReadOnlyList<string> Members);
}
