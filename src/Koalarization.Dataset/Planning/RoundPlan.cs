using System.Security.Cryptography;
using System.Text.Json;

namespace Koalarization.Dataset;

/// <summary>
/// The links of a round, by name, cut into slices: the same list always gives the same slices. One line a link on disk, with an index of where
/// each slice begins, so that neither planning nor reading a slice takes memory for the whole list.
/// </summary>
public sealed class RoundPlan
{
    /// <summary>Links of a slice, but for the last one.</summary>
    public const int LinksPerSlice = 512;

    private readonly IDataStore _store;
    private readonly Index _index;

    private RoundPlan(IDataStore store, Index index)
    {
        _store = store;
        _index = index;
    }

    /// <summary>The round.</summary>
    public int Round => _index.Round;

    /// <summary>Links of the round.</summary>
    public long Links => _index.Links;

    /// <summary>Slices of the round.</summary>
    public int Slices => _index.Offsets.Count;

    /// <summary>What the source looked like when it was planned: a file that still looks so need not be read again.</summary>
    public SourceStamp? Stamp => _index.Stamp;

    /// <summary>The plan of a round, or null while it is not whole.</summary>
    /// <exception cref="InvalidDataException">The plan is not what this program wrote.</exception>
    public static RoundPlan? Find(IDataStore store, int round)
    {
        if (StateFile.Find<Index>(store, DataLayout.PlanIndex(round)) is not Index index)
        {
            return null;
        }

        return store.SizeOf(DataLayout.PlanLinks(round)) == index.Bytes
            ? new RoundPlan(store, index)
            : throw new InvalidDataException($"{DataLayout.PlanLinks(round)} is not the file that {DataLayout.PlanIndex(round)} was written for.");
    }

    /// <summary>Writes a round's plan, durably.</summary>
    /// <param name="store">Where.</param>
    /// <param name="round">The round.</param>
    /// <param name="links">Its links by name, each name once.</param>
    /// <param name="stamp">What the source looks like.</param>
    public static RoundPlan Write(IDataStore store, int round, IEnumerable<PlannedLink> links, SourceStamp? stamp = null)
    {
        List<long> offsets = [];
        long count = 0, bytes = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (IDraft draft = store.NewDraft())
        {
            var content = new BufferedStream(draft.Content, 1 << 16);
            foreach (PlannedLink link in links)
            {
                if (count++ % LinksPerSlice == 0)
                {
                    offsets.Add(bytes);
                }

                byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(link, DatasetJson.Lines), (byte)'\n'];
                hash.AppendData(line);
                content.Write(line);
                bytes += line.Length;
            }

            content.Flush();
            store.Flush([draft]);
            store.Publish(draft, DataLayout.PlanLinks(round));
        }

        // A run that died here left the same links: the list's hash is fixed before its plan, and earlier rounds never change.
        store.FlushNames(Path.GetDirectoryName(DataLayout.PlanLinks(round))!);
        var index = new Index(round, count, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()), offsets, stamp);
        StateFile.Fix(store, DataLayout.PlanIndex(round), index);
        return Find(store, round)!;
    }

    /// <summary>Whether the links on disk are those that were written.</summary>
    public bool HasItsHash()
    {
        using Stream content = _store.Open(DataLayout.PlanLinks(Round));
        return string.Equals(Convert.ToHexStringLower(SHA256.HashData(content)), _index.Sha256, StringComparison.Ordinal);
    }

    /// <summary>How many links a slice has.</summary>
    public int LinksOf(int slice) => (int)Math.Min(LinksPerSlice, Links - ((long)slice * LinksPerSlice));

    /// <summary>The links of one slice, by name.</summary>
    public IReadOnlyList<PlannedLink> ReadSlice(int slice)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slice);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slice, Slices);
        using Stream content = _store.Open(DataLayout.PlanLinks(Round));
        content.Seek(_index.Offsets[slice], SeekOrigin.Begin);
        using var reader = new StreamReader(content);
        var links = new PlannedLink[LinksOf(slice)];
        for (int i = 0; i < links.Length; i++)
        {
            links[i] = Parse(reader.ReadLine());
        }

        return links;
    }

    /// <summary>All links, by name, as a stream.</summary>
    public IEnumerable<PlannedLink> ReadAll()
    {
        using Stream content = _store.Open(DataLayout.PlanLinks(Round));
        using var reader = new StreamReader(content);
        while (reader.ReadLine() is string line)
        {
            yield return Parse(line);
        }
    }

    private PlannedLink Parse(string? line)
    {
        try
        {
            return JsonSerializer.Deserialize<PlannedLink>(line ?? "", DatasetJson.Lines)!;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{DataLayout.PlanLinks(Round)} has a line that koala did not write.", exception);
        }
    }

    private sealed record Index(int Round, long Links, long Bytes, string Sha256, IReadOnlyList<long> Offsets, SourceStamp? Stamp);
}
