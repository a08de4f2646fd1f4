using Koalarization.Harvest;

namespace Koalarization.Cluster;

/// <summary>One host's places, as lent by the coordinator, and what it has not been told of yet. Guarded by the lock of its <see cref="LentHosts"/>.</summary>
/// <remarks>
/// Until the coordinator has answered a refusal, nothing more goes out. When no link is left, or a turn is over, the places are given back unasked.
/// </remarks>
internal sealed class LentPlaces(LinkHost host, LentHosts table) : IHostPlaces
{
    /// <summary>For so long links are turned away without asking the coordinator again.</summary>
    private static readonly TimeSpan TurnsAwayFor = TimeSpan.FromSeconds(10);

    private const int MostRefusals = 32;

    private readonly List<FetchProtocol.HostRefusal> _refusals = [];
    private FetchProtocol.HostPlaces _lent = new(host.ToString(), 0, 0, 0, TimeSpan.Zero, IsGivenUp: false, Refusal: null, Turn: 0);
    private TimeSpan _turnsAwayUntil;
    private int _places;
    private int _waiting;
    private int _started;
    private int _goodAnswers;
    private int _newRefusals;
    private int _saidWanted;
    private int _saidHeld;
    private bool _owesWord;

    public LinkHost Host => host;

    public int Era => _lent.Era;

    public int InFlight { get; private set; }

    public int? Places => _lent.Places == int.MaxValue ? null : _lent.Places;

    public TimeSpan PausedUntil { get; private set; } = TimeSpan.MinValue;

    public bool IsGivenUp => _lent.IsGivenUp;

    public FetchOutcome TurnedAway =>
        new(FetchOutcomeNames.TryParse(_lent.Refusal, out FetchOutcomeKind kind) ? kind : FetchOutcomeKind.TooManyRequests, "the host refuses everything");

    public CancellationToken Expiry => CancellationToken.None;

    /// <summary>Links that wait or are on the way.</summary>
    public int Wanted => _waiting + InFlight;

    /// <summary>What cannot be lent to others.</summary>
    public int Held => Math.Max(InFlight, _places);

    /// <summary>Whether somebody waits for the coordinator to hear of it.</summary>
    public bool IsUrgent => _newRefusals > 0 || Held < _saidHeld || _owesWord || WantsMore;

    /// <summary>Whether there is something to tell. That no link is left can wait a little: the next one may come at once.</summary>
    public bool IsNews => IsUrgent || (Wanted == 0 && (_saidWanted > 0 || _places > 0));

    /// <summary>Whether there is anything to tell when everything is told.</summary>
    public bool IsInUse => Wanted > 0 || Held > 0 || IsNews;

    // The table remembers it until the coordinator knows that all is given back; who opens it again gets the same one.
    public bool IsAsNew => true;

    // How much is missing matters only for what is divided among many; there a word now and then will do.
    private bool WantsMore => Wanted > _places && Wanted > _saidWanted && (_saidWanted <= _places || Wanted >= 2 * _saidWanted);

    private bool AwaitsWord => _refusals.Exists(refusal => refusal.Era == Era);

    public bool CanTake(TimeSpan now) => InFlight < _places && now >= PausedUntil && !AwaitsWord;

    public bool TurnsAway(TimeSpan now) => IsGivenUp && now < _turnsAwayUntil && !CanTake(now);

    public bool IsIdle(TimeSpan now) => InFlight == 0 && (!IsGivenUp || now >= _turnsAwayUntil);

    public void Waits(int links)
    {
        using (table.Changing(this))
        {
            _waiting = links;
        }
    }

    public void Take()
    {
        using (table.Changing(this))
        {
            InFlight++;
            _started++;
            if (_lent.Turn > 0 && _started >= _lent.Turn)
            {
                _places = 0;
            }
        }
    }

    public void Return(FetchOutcome? outcome, int era, TimeSpan now)
    {
        using (table.Changing(this))
        {
            InFlight--;
            if (outcome is null)
            {
                return;
            }

            if (HostState.IsRefusal(outcome))
            {
                Refused(outcome, era);
            }
            else if (HostState.IsGood(outcome) && era == Era)
            {
                _goodAnswers++;
            }
        }
    }

    /// <summary>The coordinator says how the host may be used. What it said before it said this is passed over.</summary>
    /// <param name="lent">What it says.</param>
    /// <param name="now">The present on the gate's clock; null: the gate does not know the host.</param>
    public void Follow(FetchProtocol.HostPlaces lent, TimeSpan? now)
    {
        using (table.Changing(this))
        {
            if (lent.Generation <= _lent.Generation)
            {
                return;
            }

            _saidHeld = Math.Max(_saidHeld, Held);
            _lent = lent;
            _places = lent.Places;
            _started = 0;
            _owesWord = Wanted == 0 || lent.Places < _saidHeld;
            _saidHeld = Math.Max(_saidHeld, lent.Places);
            _refusals.RemoveAll(refusal => refusal.Era != lent.Era);
            _newRefusals = Math.Min(_newRefusals, _refusals.Count);
            if (now is { } time)
            {
                TimeSpan until = time + lent.Pause;
                PausedUntil = lent.Pause > TimeSpan.Zero && until > PausedUntil ? until : PausedUntil;
                _turnsAwayUntil = time + TurnsAwayFor;
            }
        }
    }

    /// <summary>What the coordinator is told; places that no link needs are given back with it. Under the lock.</summary>
    public FetchProtocol.HostUse Say()
    {
        _places = Wanted == 0 ? 0 : _places;
        var use = new FetchProtocol.HostUse(host.ToString(), Wanted, Held, _lent.Generation, _goodAnswers, [.. _refusals]);
        _saidWanted = Wanted;
        _saidHeld = Held;
        _goodAnswers = 0;
        _newRefusals = 0;
        _owesWord = false;
        if (!IsInUse)
        {
            _refusals.Clear();
        }

        // Those of the present era are said again until there is an answer.
        _refusals.RemoveAll(refusal => refusal.Era != Era);
        return use;
    }

    private void Refused(FetchOutcome outcome, int era)
    {
        if (_refusals.Count < MostRefusals)
        {
            _refusals.Add(new FetchProtocol.HostRefusal(outcome.Kind.WireName(), outcome.Detail, outcome.RetryAfter, era));
            _newRefusals++;
        }
    }
}
