using Akka.Actor;
using Koalarization.Cluster.Coordination;
using static Koalarization.Cluster.Embedding.EmbedProtocol;

namespace Koalarization.Cluster.Embedding;

/// <summary>
/// A client's requests: those that wait, owner by owner in turn, and those in flight. Decides what is sent to whom, and what is answered; every request is answered
/// once, whatever comes in between. One thread at a time.
/// </summary>
/// <typeparam name="TOwner">Who gets the answers.</typeparam>
internal sealed class EmbedRequestQueue<TOwner>
    where TOwner : notnull
{
    /// <summary>Requests that are not answered, at most.</summary>
    public const int MaxRequests = 4096;

    // Embedders that died with a request before it is taken for the reason.
    private const int MaxLosses = 8;

    private readonly FairQueue<TOwner> _waiting = new();
    private readonly SortedDictionary<long, InFlight> _inFlight = [];
    private readonly EmbedderWindows _embedders = new();
    private List<(TOwner Owner, EmbedReply Reply)> _replies = [];
    private long _lastNumber;

    /// <summary>Requests that are not answered.</summary>
    public int Count { get; private set; }

    /// <summary>The requests that are not answered.</summary>
    public IEnumerable<PendingRequest<TOwner>> Requests =>
        _waiting.All.Concat(_inFlight.Values.Where(sent => !sent.IsTimedOut && !sent.Request.IsAnswered).Select(sent => sent.Request));

    /// <summary>Takes a request in, unless there are too many.</summary>
    public bool TryAdd(PendingRequest<TOwner> request)
    {
        if (Count >= MaxRequests)
        {
            return false;
        }

        Count++;
        _waiting.Enqueue(request);
        return true;
    }

    /// <summary>
    /// Takes out what is to be sent now. A request that is larger than the room in any window holds up the later ones of its network, so that small ones cannot starve it.
    /// </summary>
    public IReadOnlyList<Dispatch> TakeDispatches(TimeSpan now)
    {
        List<Dispatch> dispatches = [];
        HashSet<EmbedKey> heldUp = [];
        while (_waiting.Next(request => !heldUp.Contains(request.Ask.Key)) is PendingRequest<TOwner> request)
        {
            if (_embedders.Pick(request.Ask.Key, request.Images, now) is not Address embedder)
            {
                heldUp.Add(request.Ask.Key);
                continue;
            }

            _waiting.Dequeue(request);
            (string incarnation, TimeSpan budget) = _embedders.Sent(embedder, request.Images);
            _inFlight.Add(++_lastNumber, new InFlight(request, embedder, incarnation, budget) { Deadline = now + budget });
            dispatches.Add(new Dispatch(_lastNumber, embedder, request.Ask));
        }

        return dispatches;
    }

    /// <summary>Takes out what is to be answered now.</summary>
    public IReadOnlyList<(TOwner Owner, EmbedReply Reply)> TakeReplies()
    {
        List<(TOwner Owner, EmbedReply Reply)> replies = _replies;
        _replies = [];
        return replies;
    }

    /// <summary>An embedder announces a window.</summary>
    public void Announced(Address embedder, EmbedWindow window, TimeSpan now) => Apply(embedder, window, isAnnounced: true, now);

    /// <summary>Logits came.</summary>
    public void Answered(long number, Address embedder, ReadOnlyMemory<byte> logits, IReadOnlyList<int> undecodable, EmbedWindow window, TimeSpan now)
    {
        Apply(embedder, window, isAnnounced: false, now);
        if (Return(number) is InFlight sent)
        {
            // Also when its time was over: the answer of whichever embedder has it now is ignored.
            Answer(sent.Request, new EmbeddingsReady(sent.Request.Ask, logits, undecodable));
        }
    }

    /// <summary>A request is not served: it goes to another embedder, unless none can serve it.</summary>
    public void Rejected(long number, Address embedder, RejectionReason reason, string? detail, EmbedWindow window, TimeSpan now)
    {
        Apply(embedder, window, isAnnounced: false, now);
        InFlight? sent = Return(number);
        if (reason != RejectionReason.Unreadable)
        {
            _embedders.Suspend(embedder, window.Incarnation);
        }

        switch (reason)
        {
            case var _ when sent is null or { IsTimedOut: true }:
                break;
            case RejectionReason.Unreadable:
                Answer(sent.Request, new EmbeddingFailed(sent.Request.Ask, detail ?? "A picture cannot be read."));
                break;
            case RejectionReason.DeviceFailed:
                CountLoss(sent.Request);
                break;
            default:
                PutBack(sent.Request);
                break;
        }
    }

    /// <summary>A request could not be sent, because there is no embedder at the address any more.</summary>
    public void NotSent(long number)
    {
        if (Return(number) is InFlight { IsTimedOut: false } sent)
        {
            _embedders.Suspend(sent.Embedder, sent.Incarnation);
            PutBack(sent.Request);
        }
    }

    /// <summary>An embedder is gone, and what it had with it: its requests go to others, and a late answer to one of them is ignored.</summary>
    /// <returns>Whether it was known.</returns>
    public bool Lost(Address embedder)
    {
        bool isKnown = _embedders.Contains(embedder);
        _embedders.Remove(embedder);
        LoseRequests(embedder);
        return isKnown;
    }

    /// <summary>
    /// Times out requests: another embedder gets them. They count as in flight for as much time again, because an embedder may be late and alive.
    /// </summary>
    /// <returns>How many timed out.</returns>
    public int Expire(TimeSpan now)
    {
        int expired = 0;
        foreach ((long number, InFlight sent) in _inFlight.Where(entry => entry.Value.Deadline <= now).ToArray())
        {
            if (sent.IsTimedOut)
            {
                Return(number);
                continue;
            }

            sent.IsTimedOut = true;
            sent.Deadline = now + sent.Budget;
            PutBack(sent.Request);
            expired++;
        }

        return expired;
    }

    /// <summary>Answers everything that is left.</summary>
    public void Abandon(string detail)
    {
        foreach (PendingRequest<TOwner> request in Requests.ToArray())
        {
            Answer(request, new EmbeddingFailed(request.Ask, detail));
        }
    }

    private void Apply(Address embedder, EmbedWindow window, bool isAnnounced, TimeSpan now)
    {
        if (_embedders.Apply(embedder, window, isAnnounced, now))
        {
            LoseRequests(embedder);
        }
    }

    private void LoseRequests(Address embedder)
    {
        // The latest first: each is put back before the others, and so they are sent again in the order in which they were.
        foreach ((long number, InFlight sent) in _inFlight.Where(entry => entry.Value.Embedder == embedder).Reverse().ToArray())
        {
            _inFlight.Remove(number);
            if (!sent.IsTimedOut)
            {
                CountLoss(sent.Request);
            }
        }
    }

    private void CountLoss(PendingRequest<TOwner> request)
    {
        request.Losses++;
        if (request.Losses > MaxLosses)
        {
            Answer(request, new EmbeddingFailed(request.Ask, $"{request.Losses} embedders were lost while they had these pictures, {request.Ask.Images[0].Name} first."));
        }
        else
        {
            PutBack(request);
        }
    }

    private void PutBack(PendingRequest<TOwner> request)
    {
        if (!request.IsAnswered)
        {
            _waiting.PutBack(request);
        }
    }

    private void Answer(PendingRequest<TOwner> request, EmbedReply reply)
    {
        if (!request.IsAnswered)
        {
            request.IsAnswered = true;
            Count--;
            _waiting.Remove(request);
            _replies.Add((request.Owner, reply));
        }
    }

    private InFlight? Return(long number)
    {
        if (_inFlight.Remove(number, out InFlight? sent))
        {
            _embedders.Returned(sent.Embedder, sent.Incarnation, sent.Request.Images);
        }

        return sent;
    }

    private sealed class InFlight(PendingRequest<TOwner> request, Address embedder, string incarnation, TimeSpan budget)
    {
        public PendingRequest<TOwner> Request => request;

        public Address Embedder => embedder;

        public string Incarnation => incarnation;

        public TimeSpan Budget => budget;

        public TimeSpan Deadline { get; set; }

        /// <summary>Another embedder was asked as well.</summary>
        public bool IsTimedOut { get; set; }
    }
}
