namespace Koalarization.Cluster;

/// <summary>The rounds that a node has slices of, each opened once for all of them. Thread-safe; it touches the disk.</summary>
internal sealed class RoundsInWork(NodeParts node, ResizeQueue resizers)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Data, int Round, bool OnlyFetched), Entry> _rounds = [];

    /// <summary>Opens a round, or joins in. <see cref="LeaveAsync"/> ends it.</summary>
    public RoundInWork Enter(string data, int round, bool onlyFetched)
    {
        Entry entry;
        lock (_gate)
        {
            if (!_rounds.TryGetValue((data, round, onlyFetched), out entry!))
            {
                entry = new Entry(() => new RoundInWork(node, resizers, data, round, onlyFetched));
                _rounds.Add((data, round, onlyFetched), entry);
            }

            entry.Slices++;
        }

        try
        {
            return entry.Round.Value;
        }
        catch
        {
            // The next one tries again.
            lock (_gate)
            {
                _rounds.Remove((data, round, onlyFetched));
            }

            throw;
        }
    }

    /// <summary>A slice of the round is done; with the last one the round is closed.</summary>
    public async ValueTask LeaveAsync(string data, int round, bool onlyFetched)
    {
        Entry? last = null;
        lock (_gate)
        {
            if (_rounds.TryGetValue((data, round, onlyFetched), out Entry? entry) && --entry.Slices == 0)
            {
                last = entry;
                _rounds.Remove((data, round, onlyFetched));
            }
        }

        if (last is not null)
        {
            await last.Round.Value.DisposeAsync();
        }
    }

    private sealed class Entry(Func<RoundInWork> open)
    {
        public Lazy<RoundInWork> Round { get; } = new(open);

        public int Slices { get; set; }
    }
}
