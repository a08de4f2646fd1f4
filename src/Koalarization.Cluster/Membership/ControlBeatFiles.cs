using System.Text.Json;

namespace Koalarization.Cluster.Membership;

/// <summary>
/// <c>STORE/.koala/control/HOST-PORT.json</c>: the last beat of each control node. Its members block, and are called away from actors' threads.
/// </summary>
/// <param name="store">The store's folder.</param>
/// <param name="node">This node's address, <c>host:port</c>.</param>
internal sealed class ControlBeatFiles(string store, string node)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly string _folder = Path.Combine(store, ".koala", "control");

    private string Own => Path.Combine(_folder, Name + ".json");

    private string Name => node.Replace(':', '-').Replace('/', '-');

    /// <summary>The last beats of the others; none when there are none, or they cannot be read.</summary>
    public IReadOnlyList<ControlBeat> ReadOthers()
    {
        try
        {
            return Directory.Exists(_folder) ? [.. Directory.EnumerateFiles(_folder, "*.json").Where(file => file != Own).Select(Read).OfType<ControlBeat>()] : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Replaces this node's.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(ControlBeat beat)
    {
        Directory.CreateDirectory(_folder);

        // Not flushed: after a power loss no control node lives.
        string draft = Path.Combine(_folder, Name + ".draft");
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(beat, Json));
        File.Move(draft, Own, overwrite: true);
    }

    /// <summary>Removes this node's: its process is gone, or about to be.</summary>
    public void Remove()
    {
        try
        {
            File.Delete(Own);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It does not change any more, which says the same.
        }
    }

    private static ControlBeat? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<ControlBeat>(File.ReadAllBytes(file), Json) is { Node: not null, Members: not null, Controls: not null } beat ? beat : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
