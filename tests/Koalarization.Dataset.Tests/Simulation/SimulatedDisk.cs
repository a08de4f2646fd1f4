using System.Collections.Immutable;

namespace Koalarization.Dataset.Tests.Simulation;

/// <summary>
/// What a disk holds, and what of it would survive. Immutable. Each name has what a program sees under it and, behind that, everything that a power
/// loss may leave under it instead: all that it had since its folder was flushed.
/// </summary>
internal sealed record SimulatedDisk
{
    private const string Temporary = ".koala/tmp/";

    private ImmutableSortedDictionary<string, ImmutableList<string>> History { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableList<string>>(StringComparer.Ordinal);

    private ImmutableDictionary<string, SimulatedContent> Contents { get; init; } = ImmutableDictionary<string, SimulatedContent>.Empty;

    /// <summary>What a program sees.</summary>
    public IReadOnlyDictionary<string, SimulatedContent> Names =>
        History.Where(name => name.Value[^1].Length > 0).ToDictionary(name => name.Key, name => Contents[name.Value[^1]]);

    /// <summary>
    /// Names and contents in one string, with all that a power loss could make of them: two disks with the same one behave alike. Whose the temporary
    /// names are makes no difference.
    /// </summary>
    public string Key => string.Join('\n', History.Select(name =>
        $"{(IsTemporary(name.Key) ? Temporary : name.Key)}: {string.Join(" < ", name.Value.SkipLast(1).Select(Print).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))} < {Print(name.Value[^1])}"));

    /// <summary>Names and contents as a program sees them, in one string.</summary>
    public string Seen => string.Join('\n', Names.OrderBy(name => name.Key, StringComparer.Ordinal).Select(name => $"{name.Key}: {name.Value.Text}"));

    public string? IdOf(string name) => History.TryGetValue(name, out ImmutableList<string>? ids) && ids[^1].Length > 0 ? ids[^1] : null;

    public SimulatedContent ContentOf(string id) => Contents[id];

    public SimulatedDisk WithContent(string id, SimulatedContent content) => this with { Contents = Contents.SetItem(id, content) };

    /// <summary>A name has something else from now on; an empty id takes it away.</summary>
    public SimulatedDisk WithName(string name, string id)
    {
        if (IsTemporary(name) && id.Length == 0)
        {
            return this with { History = History.Remove(name) };
        }

        ImmutableList<string> earlier = History.GetValueOrDefault(name, [""]);
        return this with { History = History.SetItem(name, earlier.RemoveAll(known => Print(known) == Print(id)).Add(id)) };
    }

    /// <summary>The names right below a folder are durable as they are.</summary>
    public SimulatedDisk WithDurableNames(string folder)
    {
        ImmutableSortedDictionary<string, ImmutableList<string>> history = History;
        foreach ((string name, ImmutableList<string> ids) in History.Where(name => SimulatedStore.FolderOf(name.Key) == folder))
        {
            history = ids[^1].Length == 0 ? history.Remove(name) : history.SetItem(name, [ids[^1]]);
        }

        return this with { History = history };
    }

    /// <summary>All that may be left after a power loss: for every name anything that it had since it was durable, cut or empty where that was not.</summary>
    public IEnumerable<SimulatedDisk> AfterPowerLoss()
    {
        IEnumerable<SimulatedDisk> disks = [new SimulatedDisk()];
        foreach ((string name, ImmutableList<string> ids) in History.Where(name => !IsTemporary(name.Key)))
        {
            disks = disks.SelectMany(disk => ids.Distinct(StringComparer.Ordinal).SelectMany(id => disk.Surviving(name, id, this)));
        }

        return disks;
    }

    private static bool IsTemporary(string name) => name.StartsWith(Temporary, StringComparison.Ordinal);

    private string Print(string id) => id.Length == 0 ? "-" : Contents[id].ToString();

    private IEnumerable<SimulatedDisk> Surviving(string name, string id, SimulatedDisk before)
    {
        if (id.Length == 0)
        {
            return [this];
        }

        // One content under two names is one: cut under both, or under none.
        IEnumerable<SimulatedContent> contents = Contents.TryGetValue(id, out SimulatedContent? known) ? [known] : before.Contents[id].AfterPowerLoss();
        return contents.Select(content => this with { Contents = Contents.SetItem(id, content), History = History.SetItem(name, [id]) });
    }
}
