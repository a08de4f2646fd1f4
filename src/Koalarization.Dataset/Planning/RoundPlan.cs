using System.Security.Cryptography;
using System.Text.Json;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.Storage;

namespace Koalarization.Dataset.Planning;

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
    public static RoundPlan Write(IDataStore store, int round, IEnumerable<PlannedLink> links, SourceStamp? stamp = null, CancellationToken cancellation = default)
    {
        string name = DataLayout.PlanLinks(round);
        var indexing = new Indexing();
        bool published;
        using (IDraft draft = store.NewDraft())
        {
            indexing.Write(links, draft.Content, cancellation);
            store.Flush([draft]);
            published = store.Publish(draft, name);
        }

        store.FlushNames(Path.GetDirectoryName(name)!);
        Index index = published ? indexing.Done(round, stamp) : IndexOfStanding(store, round);
        StateFile.Fix(store, DataLayout.PlanIndex(round), index);
        return Find(store, round)!;
    }

    /// <summary>Whether the links of a plan are those that its index was written for.</summary>
    /// <exception cref="InvalidDataException">The index is not what this program wrote.</exception>
    internal static bool HasItsLinks(IDataStore store, int round) =>
        StateFile.Find<Index>(store, DataLayout.PlanIndex(round)) is Index index
        && store.SizeOf(DataLayout.PlanLinks(round)) == index.Bytes && new RoundPlan(store, index).HasItsHash();

    /// <summary>Writes the links of a plan again, where others are the ones that its index was written for.</summary>
    /// <param name="store">Where.</param>
    /// <param name="round">The round.</param>
    /// <param name="links">Its links by name.</param>
    /// <param name="changes">Whether they are written, or only compared.</param>
    /// <returns>Whether they are.</returns>
    /// <exception cref="InvalidDataException">The index is not what this program wrote.</exception>
    internal static bool TryRestoreLinks(IDataStore store, int round, IEnumerable<PlannedLink> links, bool changes)
    {
        if (StateFile.Find<Index>(store, DataLayout.PlanIndex(round)) is not Index index)
        {
            return false;
        }

        using IDraft? draft = changes ? store.NewDraft() : null;
        var indexing = new Indexing();
        indexing.Write(links, draft?.Content ?? Stream.Null, CancellationToken.None);
        if (!string.Equals(indexing.Done(round, stamp: null).Sha256, index.Sha256, StringComparison.Ordinal))
        {
            return false;
        }

        if (draft is not null)
        {
            StateFile.Replace(store, DataLayout.PlanLinks(round), draft);
        }

        return true;
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

    /// <summary>
    /// The links that have no <c>kept</c> row, by name, as a stream; every slice is resolved. They are the links of the next round: a round has all links
    /// that no earlier one kept.
    /// </summary>
    public IEnumerable<PlannedLink> ReadFailed()
    {
        for (int slice = 0; slice < Slices; slice++)
        {
            IReadOnlyList<PlannedLink> links = ReadSlice(slice);
            IReadOnlyList<LinkRow> rows = SliceManifest.Read(_store, DataLayout.Slice(Round, slice)).Rows;
            for (int i = 0; i < links.Count; i++)
            {
                if (!rows[i].IsKept)
                {
                    yield return links[i];
                }
            }
        }
    }

    // A run that died before its index left these. Of a list they are the same, but a folder may have changed since.
    private static Index IndexOfStanding(IDataStore store, int round)
    {
        var indexing = new Indexing();
        using var reader = new StreamReader(store.Open(DataLayout.PlanLinks(round)));
        while (reader.ReadLine() is string line)
        {
            indexing.Add(System.Text.Encoding.UTF8.GetBytes(line));
        }

        return indexing.Done(round, stamp: null);
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

    private sealed class Indexing
    {
        private readonly List<long> _offsets = [];
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private long _count;
        private long _bytes;

        /// <summary>Writes links as lines, and takes them into the index.</summary>
        public void Write(IEnumerable<PlannedLink> links, Stream file, CancellationToken cancellation)
        {
            var content = new BufferedStream(file, 1 << 16);
            foreach (PlannedLink link in links)
            {
                cancellation.ThrowIfCancellationRequested();
                byte[] line = JsonSerializer.SerializeToUtf8Bytes(link, DatasetJson.Lines);
                content.Write(line);
                content.WriteByte((byte)'\n');
                Add(line);
            }

            content.Flush();
        }

        public void Add(ReadOnlySpan<byte> line)
        {
            if (_count++ % LinksPerSlice == 0)
            {
                _offsets.Add(_bytes);
            }

            _hash.AppendData(line);
            _hash.AppendData("\n"u8);
            _bytes += line.Length + 1;
        }

        public Index Done(int round, SourceStamp? stamp)
        {
            using (_hash)
            {
                return new Index(round, _count, _bytes, Convert.ToHexStringLower(_hash.GetHashAndReset()), _offsets, stamp);
            }
        }
    }

    private sealed record Index(int Round, long Links, long Bytes, string Sha256, IReadOnlyList<long> Offsets, SourceStamp? Stamp);
}
