namespace Koalarization.Cluster.Membership;

/// <summary>Which control nodes live, by their beats. What one that was killed has left behind does not change any more.</summary>
internal sealed class LivingControls
{
    /// <summary>How often a control node writes, and looks at what others write.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    /// <summary>Who has written nothing for this long is not counted on any more.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    // A membership that changes is for some seconds not the same everywhere.
    private const int ChangesOfOneThatLives = 3;

    private readonly Dictionary<string, Seen> _seen = new(StringComparer.Ordinal);

    /// <summary>Those that may live: they have written lately, or are known for so short a time that it is not certain yet that they do not.</summary>
    public IReadOnlyList<ControlBeat> Possible { get; private set; } = [];

    /// <summary>Those that certainly live: they have written again and again.</summary>
    public IReadOnlyList<ControlBeat> Certain { get; private set; } = [];

    /// <summary>Takes in what was read.</summary>
    /// <param name="beats">The beats of other control nodes.</param>
    /// <param name="now">The time.</param>
    public void Add(IReadOnlyList<ControlBeat> beats, TimeSpan now)
    {
        foreach (ControlBeat beat in beats)
        {
            if (!_seen.TryGetValue(beat.Process, out Seen? seen))
            {
                _seen[beat.Process] = new Seen(beat, now, Changes: 0);
            }
            else if (seen.Beat.Number != beat.Number)
            {
                _seen[beat.Process] = new Seen(beat, now, seen.Changes + 1);
            }
        }

        var there = beats.Select(beat => beat.Process).ToHashSet(StringComparer.Ordinal);
        foreach (string gone in _seen.Keys.Where(process => !there.Contains(process)).ToArray())
        {
            _seen.Remove(gone);
        }

        Seen[] recent = [.. _seen.Values.Where(seen => now - seen.Changed < Silence)];
        Possible = [.. recent.Select(seen => seen.Beat)];
        Certain = [.. recent.Where(seen => seen.Changes >= ChangesOfOneThatLives).Select(seen => seen.Beat)];
    }

    private sealed record Seen(ControlBeat Beat, TimeSpan Changed, int Changes);
}
