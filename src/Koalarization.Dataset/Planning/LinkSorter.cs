using System.Globalization;

namespace Koalarization.Dataset.Planning;

/// <summary>
/// Sorts links by name and drops repeated names (the first one added stays), in memory that does not grow with their number: full buffers are
/// sorted and spilled to a folder, and merged at the end. Not thread-safe.
/// </summary>
public sealed class LinkSorter : IDisposable
{
    private readonly string _folder;
    private readonly int _linksInMemory;
    private readonly List<PlannedLink> _buffer = [];
    private readonly List<string> _runs = [];

    /// <param name="folder">Where full buffers go; it exists, and what is put there goes again.</param>
    /// <param name="linksInMemory">Links of a full buffer.</param>
    public LinkSorter(string folder, int linksInMemory = 1 << 16)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(linksInMemory, 1);
        _folder = folder;
        _linksInMemory = linksInMemory;
    }

    /// <summary>Adds a link.</summary>
    public void Add(PlannedLink link)
    {
        _buffer.Add(link);
        if (_buffer.Count == _linksInMemory)
        {
            Spill();
        }
    }

    /// <summary>The links by name (ordinal), each name once. To be read once, after the last was added.</summary>
    public IEnumerable<PlannedLink> Sorted()
    {
        IEnumerable<PlannedLink> sorted = _runs.Count == 0 ? SortedBuffer() : Merged();
        string? last = null;
        foreach (PlannedLink link in sorted)
        {
            if (!string.Equals(link.Name, last, StringComparison.Ordinal))
            {
                last = link.Name;
                yield return link;
            }
        }
    }

    /// <summary>Removes what was spilled.</summary>
    public void Dispose()
    {
        foreach (string run in _runs)
        {
            File.Delete(run);
        }

        _runs.Clear();
    }

    // OrderBy is stable: of repeated names the first one added comes first.
    private IEnumerable<PlannedLink> SortedBuffer() => _buffer.OrderBy(link => link.Name, StringComparer.Ordinal);

    private void Spill()
    {
        string path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"links-{_runs.Count:D5}"));
        _runs.Add(path);
        using (var writer = new BinaryWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16)))
        {
            foreach (PlannedLink link in SortedBuffer())
            {
                writer.Write(link.Name);
                writer.Write(link.Url is not null);
                writer.Write(link.Url ?? "");
                writer.Write(link.Words ?? "");
                writer.Write7BitEncodedInt(link.Columns?.Count ?? 0);
                foreach ((string column, string value) in link.Columns ?? new Dictionary<string, string>())
                {
                    writer.Write(column);
                    writer.Write(value);
                }
            }
        }

        _buffer.Clear();
    }

    private IEnumerable<PlannedLink> Merged()
    {
        if (_buffer.Count > 0)
        {
            Spill();
        }

        // Runs were spilled in the order in which links were added, so of equal names the lower run's is the earlier.
        var next = new PriorityQueue<int, (string Name, int Run)>(Comparer<(string Name, int Run)>.Create(
            (a, b) => string.CompareOrdinal(a.Name, b.Name) is var order and not 0 ? order : a.Run - b.Run));
        List<IEnumerator<PlannedLink>> runs = [.. _runs.Select(Read).Select(run => run.GetEnumerator())];
        try
        {
            for (int run = 0; run < runs.Count; run++)
            {
                Advance(run);
            }

            while (next.TryDequeue(out int run, out _))
            {
                yield return runs[run].Current;
                Advance(run);
            }
        }
        finally
        {
            runs.ForEach(run => run.Dispose());
        }

        void Advance(int run)
        {
            if (runs[run].MoveNext())
            {
                next.Enqueue(run, (runs[run].Current.Name, run));
            }
        }
    }

    private static Dictionary<string, string>? ReadColumns(BinaryReader reader)
    {
        int count = reader.Read7BitEncodedInt();
        if (count == 0)
        {
            return null;
        }

        var columns = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            columns[reader.ReadString()] = reader.ReadString();
        }

        return columns;
    }

    private static IEnumerable<PlannedLink> Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 15, FileOptions.SequentialScan);
        using var reader = new BinaryReader(stream);
        long length = stream.Length;
        while (stream.Position < length)
        {
            string name = reader.ReadString();
            bool hasUrl = reader.ReadBoolean();
            string url = reader.ReadString(), words = reader.ReadString();
            yield return new PlannedLink(name, hasUrl ? url : null, words.Length == 0 ? null : words, ReadColumns(reader));
        }
    }
}
