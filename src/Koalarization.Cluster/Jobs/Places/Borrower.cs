namespace Koalarization.Cluster;

/// <summary>One node's account with one host.</summary>
/// <param name="owner">The node.</param>
internal sealed class Borrower(NodeOwner owner)
{
    /// <summary>A message that is not followed for so long was lost.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Who has not spoken for so long has forgotten the host, or is gone.</summary>
    private static readonly TimeSpan Silence = 3 * FetchProtocol.HostsUsed.Every;

    private TimeSpan _toldAt;
    private TimeSpan _heardAt;
    private TimeSpan _toldPausedUntil = TimeSpan.MinValue;

    public NodeOwner Owner => owner;

    /// <summary>Links that wait there or are on the way.</summary>
    public int Wanted { get; private set; }

    /// <summary>
    /// The node has never more requests on the way than this, whichever of the messages to it have arrived: it goes up with what is lent, and down only
    /// when the node says so.
    /// </summary>
    public int Held { get; private set; }

    /// <summary>What the node may use when it has followed all messages.</summary>
    public int Allowed { get; private set; }

    /// <summary>What it was told last.</summary>
    public FetchProtocol.HostPlaces? Told { get; private set; }

    /// <summary>Whether it was a turn that the node has used up, since it was asked last.</summary>
    public bool HasEndedTurn { get; private set; }

    /// <summary>Whether it has to be told again what it was told.</summary>
    public bool HasMissed { get; private set; }

    /// <summary>Nothing is left to know of it.</summary>
    public bool IsThrough => Wanted == 0 && Held == 0;

    public void Hear(FetchProtocol.HostUse use, TimeSpan now)
    {
        Wanted = Math.Max(0, use.Wanted);
        bool hasFollowedAll = Told is null || use.Generation == Told.Generation;
        HasEndedTurn = hasFollowedAll && Told is { Turn: > 0 } && use.Held < Allowed;
        HasMissed = now - _toldAt >= Patience && (!hasFollowedAll || (Wanted > 0 && Told is { IsGivenUp: true }));
        _heardAt = now;
        if (hasFollowedAll)
        {
            // Without a message in between the node never has more than it said before; should it say more, more is counted.
            Allowed = Told is null ? use.Held : Math.Min(Allowed, use.Held);
            Held = use.Held;
        }
        else
        {
            Held = Math.Max(Held, use.Held);
        }
    }

    public void Tell(FetchProtocol.HostPlaces places, TimeSpan now)
    {
        Told = places;
        Allowed = places.Places;
        Held = Math.Max(Held, places.Places);
        HasMissed = false;
        HasEndedTurn = false;
        _toldAt = now;
        _toldPausedUntil = now + places.Pause;
    }

    /// <summary>A word from it was lost, perhaps the last one: it is told again, and answers.</summary>
    /// <returns>Whether there is anything to tell.</returns>
    public bool AskIfSilent(TimeSpan now)
    {
        HasMissed |= now - Later(_heardAt, _toldAt) >= Silence;
        return HasMissed;
    }

    /// <summary>Whether the host is not as the node was told.</summary>
    public bool Misses(HostTerms terms, TimeSpan now) =>
        Told is null
            ? terms.IsGivenUp || terms.PausedUntil > now
            : Told.Era != terms.Era || Told.IsGivenUp != terms.IsGivenUp || (terms.PausedUntil > now && terms.PausedUntil > _toldPausedUntil);

    /// <summary>Whether its turn has taken too long: it waits for other things than the host.</summary>
    public bool IsSlow(TimeSpan now, TimeSpan turnTime) => Allowed > 0 && now - Later(_toldAt, _toldPausedUntil) >= turnTime;

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}

/// <summary>What all nodes are to know of a host.</summary>
internal readonly record struct HostTerms(int Era, TimeSpan PausedUntil, bool IsGivenUp);
