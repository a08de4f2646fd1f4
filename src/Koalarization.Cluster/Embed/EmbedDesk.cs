using Akka.Actor;

namespace Koalarization.Cluster;

/// <summary>
/// What a client has to do: groups of pictures that wait, asker by asker in turn, and requests that are under way. Decides what is sent to whom, and what
/// is answered; every group is answered once, whatever comes in between. Belongs to one thread at a time.
/// </summary>
/// <typeparam name="TAsker">Who asks.</typeparam>
internal sealed class EmbedDesk<TAsker>
    where TAsker : notnull
{
    /// <summary>Groups that wait or are under way, at most.</summary>
    public const int MostGroups = 4096;

    // Embedders that died with a group before it is thought to be the reason.
    private const int MostLosses = 8;

    private readonly AskerQueues<TAsker> _waiting = new();
    private readonly SortedDictionary<long, Request> _underWay = [];
    private readonly Dictionary<EmbedKey, int> _wanted = [];
    private List<(TAsker Asker, EmbedReply Reply)> _replies = [];
    private long _lastNumber;
    private int _groups;

    public CreditTable Credits { get; private set; } = CreditTable.Empty;

    /// <summary>Pictures that wait or are under way, by network.</summary>
    public IReadOnlyDictionary<EmbedKey, int> Wanted => _wanted;

    /// <summary>Groups that are not answered.</summary>
    public IEnumerable<AskedGroup<TAsker>> Groups =>
        _waiting.All.Concat(_underWay.Values.Where(request => !request.IsGivenUp && !request.Group.IsAnswered).Select(request => request.Group));

    /// <summary>Takes a group in, unless there are too many.</summary>
    public bool TryAdd(AskedGroup<TAsker> group)
    {
        if (_groups >= MostGroups)
        {
            return false;
        }

        _groups++;
        _wanted[group.Ask.Key] = _wanted.GetValueOrDefault(group.Ask.Key) + group.Images;
        _waiting.Enqueue(group);
        return true;
    }

    /// <summary>What is to be sent now. A group that needs more than is free holds up the later ones of its network, so that small ones cannot starve it.</summary>
    public IReadOnlyList<EmbedSending> Send(TimeSpan now)
    {
        List<EmbedSending> sendings = [];
        HashSet<EmbedKey> heldUp = [];
        while (_waiting.Next(group => !heldUp.Contains(group.Ask.Key)) is AskedGroup<TAsker> group)
        {
            if (Credits.Pick(group.Ask.Key, group.Images, now) is not Address embedder)
            {
                heldUp.Add(group.Ask.Key);
                continue;
            }

            _waiting.Dequeue(group);
            Credits = Credits.Sent(embedder, group.Images);
            EmbedderCredit credit = Credits[embedder]!;
            TimeSpan budget = TimeBudget.Of(credit.Ahead, credit.Word.ImagesPerSecond);
            _underWay.Add(++_lastNumber, new Request(group, embedder, credit.Word.Incarnation, budget) { Deadline = now + budget });
            sendings.Add(new EmbedSending(_lastNumber, embedder, group.Ask));
        }

        return sendings;
    }

    /// <summary>What is to be answered now.</summary>
    public IReadOnlyList<(TAsker Asker, EmbedReply Reply)> TakeReplies()
    {
        List<(TAsker Asker, EmbedReply Reply)> replies = _replies;
        _replies = [];
        return replies;
    }

    /// <summary>An embedder says what it grants.</summary>
    public void Hear(Address embedder, EmbedProtocol.Credit word, TimeSpan now) => Hear(embedder, word, isUnasked: true, now);

    /// <summary>An embedder leaves; what it has comes back in time.</summary>
    public void Leaving(Address embedder, string incarnation) => Credits = Credits.Leaving(embedder, incarnation);

    /// <summary>Logits came.</summary>
    public void Answered(
        long number, Address embedder, ReadOnlyMemory<byte> logits, IReadOnlyList<int> missing, EmbedProtocol.Credit word, TimeSpan now)
    {
        Hear(embedder, word, isUnasked: false, now);
        if (Return(number) is Request request)
        {
            // Also when it was given up: whoever has it now answers in vain.
            Answer(request.Group, new EmbeddingsReady(request.Group.Ask, logits, missing));
        }
    }

    /// <summary>A request is not served: it goes to another, unless nobody can serve it.</summary>
    public void Rejected(
        long number, Address embedder, EmbedProtocol.RejectionReason reason, string? detail, EmbedProtocol.Credit word, TimeSpan now)
    {
        Hear(embedder, word, isUnasked: false, now);
        Request? request = Return(number);
        if (reason != EmbedProtocol.RejectionReason.Unreadable)
        {
            Credits = Credits.Rest(embedder, word.Incarnation);
        }

        switch (reason)
        {
            case var _ when request is null or { IsGivenUp: true }:
                break;
            case EmbedProtocol.RejectionReason.Unreadable:
                Answer(request.Group, new EmbeddingUnreadable(request.Group.Ask, detail ?? "A picture cannot be read."));
                break;
            case EmbedProtocol.RejectionReason.DeviceFailed:
                Lose(request.Group);
                break;
            default:
                PutBack(request.Group);
                break;
        }
    }

    /// <summary>A request has not gone out, because nobody is at the address any more.</summary>
    public void NotSent(long number)
    {
        if (Return(number) is Request { IsGivenUp: false } request)
        {
            Credits = Credits.Rest(request.Embedder, request.Incarnation);
            PutBack(request.Group);
        }
    }

    /// <summary>An embedder is gone, and what it had with it.</summary>
    public void Lost(Address embedder)
    {
        LoseAll(embedder);
        Credits = Credits.Forget(embedder);
    }

    /// <summary>
    /// Gives up requests whose time is over: another embedder gets them. Their slots are free after as much time again, when they have not come back by then.
    /// </summary>
    /// <returns>How many were given up.</returns>
    public int Expire(TimeSpan now)
    {
        int expired = 0;
        foreach ((long number, Request request) in _underWay.Where(entry => entry.Value.Deadline <= now).ToArray())
        {
            if (request.IsGivenUp)
            {
                Return(number);
                continue;
            }

            request.IsGivenUp = true;
            request.Deadline = now + request.Budget;
            PutBack(request.Group);
            expired++;
        }

        return expired;
    }

    /// <summary>Answers everything that is left.</summary>
    public void Abandon(string detail)
    {
        foreach (AskedGroup<TAsker> group in Groups.ToArray())
        {
            Answer(group, new EmbeddingUnreadable(group.Ask, detail));
        }
    }

    private void Hear(Address embedder, EmbedProtocol.Credit word, bool isUnasked, TimeSpan now)
    {
        if (Credits[embedder] is EmbedderCredit known && !string.Equals(known.Word.Incarnation, word.Incarnation, StringComparison.Ordinal))
        {
            LoseAll(embedder);
        }

        Credits = Credits.Hear(embedder, word, isUnasked, now);
    }

    private void LoseAll(Address embedder)
    {
        // The latest first: each is put back before the others, and so they are sent again in the order in which they were.
        foreach ((long number, Request request) in _underWay.Where(entry => entry.Value.Embedder == embedder).Reverse().ToArray())
        {
            _underWay.Remove(number);
            if (!request.IsGivenUp)
            {
                Lose(request.Group);
            }
        }
    }

    private void Lose(AskedGroup<TAsker> group)
    {
        group.Losses++;
        if (group.Losses > MostLosses)
        {
            Answer(group, new EmbeddingUnreadable(group.Ask, $"{group.Losses} embedders were lost while they had these pictures, {group.Ask.Images[0].Name} first."));
        }
        else
        {
            PutBack(group);
        }
    }

    private void PutBack(AskedGroup<TAsker> group)
    {
        if (!group.IsAnswered)
        {
            _waiting.PutBack(group);
        }
    }

    private void Answer(AskedGroup<TAsker> group, EmbedReply reply)
    {
        if (group.IsAnswered)
        {
            return;
        }

        group.IsAnswered = true;
        _groups--;
        _waiting.Remove(group);
        int wanted = _wanted[group.Ask.Key] - group.Images;
        if (wanted == 0)
        {
            _wanted.Remove(group.Ask.Key);
        }
        else
        {
            _wanted[group.Ask.Key] = wanted;
        }

        _replies.Add((group.Asker, reply));
    }

    private Request? Return(long number)
    {
        if (!_underWay.Remove(number, out Request? request))
        {
            return null;
        }

        Credits = Credits.Returned(request.Embedder, request.Incarnation, request.Group.Images);
        return request;
    }

    private sealed class Request(AskedGroup<TAsker> group, Address embedder, string incarnation, TimeSpan budget)
    {
        public AskedGroup<TAsker> Group => group;

        public Address Embedder => embedder;

        public string Incarnation => incarnation;

        public TimeSpan Budget => budget;

        public TimeSpan Deadline { get; set; }

        /// <summary>Another embedder was asked as well.</summary>
        public bool IsGivenUp { get; set; }
    }
}
