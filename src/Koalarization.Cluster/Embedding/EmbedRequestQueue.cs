using Akka.Actor;
using Akka.Cluster;
using Koalarization.Cluster.Coordination;
using static Koalarization.Cluster.Embedding.EmbedProtocol;

namespace Koalarization.Cluster.Embedding;

/// <summary>
/// A client's requests: those that wait, owner by owner in turn, and those in flight. Decides what is sent to whom, and what is answered; every request is answered
/// once, whatever comes in between. An embedder is known by its member's address. One thread at a time.
/// </summary>
/// <param name="client">The client's process and start.</param>
/// <param name="reply">Answers a request's owner.</param>
internal sealed class EmbedRequestQueue(string client, Action<IActorRef, EmbedReply> reply)
{
    /// <summary>Requests that are not answered, at most.</summary>
    public const int MaxRequests = 4096;

    // Losses of a request before it is taken for their reason.
    private const int MaxLosses = 8;

    private readonly HashSet<PendingRequest> _unanswered = [];
    private readonly FairQueue _waiting = new();
    private readonly SortedDictionary<Address, KnownEmbedder> _embedders = new(Member.AddressOrdering);
    private long _lastNumber;

    /// <summary>The requests that are not answered.</summary>
    public IReadOnlyCollection<PendingRequest> Unanswered => _unanswered;

    /// <summary>Takes a request in; if there are too many, it is answered at once.</summary>
    public void Add(PendingRequest request)
    {
        _unanswered.Add(request);
        _waiting.Enqueue(request);
        if (_unanswered.Count > MaxRequests)
        {
            Answer(request, new EmbeddingFailed(request.Ask, $"More than {MaxRequests} requests for logits wait."));
        }
    }

    /// <summary>Takes a request in that an earlier start of the client has lost.</summary>
    public void AddAgain(PendingRequest request)
    {
        _unanswered.Add(request);
        Lose(request);
    }

    /// <summary>
    /// Takes out what is to be sent now. A request that is larger than the room in any window holds up the later ones of its network, so that small ones cannot starve it.
    /// </summary>
    public IReadOnlyList<Dispatch> TakeDispatches(TimeSpan now)
    {
        List<Dispatch> dispatches = [];
        HashSet<EmbedKey> heldUp = [];
        while (_waiting.Next(request => !heldUp.Contains(request.Ask.Key)) is PendingRequest request)
        {
            if (Pick(request, now) is KnownEmbedder embedder)
            {
                _waiting.Dequeue(request);
                dispatches.Add(embedder.Send(new RequestId(client, ++_lastNumber), request, now));
            }
            else
            {
                heldUp.Add(request.Ask.Key);
            }
        }

        return dispatches;
    }

    /// <summary>An embedder announces a window, and is known from then on. What an earlier incarnation of it had is lost.</summary>
    public void Announced(Address from, EmbedWindow window, TimeSpan now)
    {
        if (_embedders.GetValueOrDefault(from) is KnownEmbedder known && known.Is(window.Incarnation))
        {
            known.Apply(window, now);
        }
        else
        {
            Lost(from);
            _embedders.Add(from, new KnownEmbedder(from, window, now));
        }
    }

    /// <summary>Logits came.</summary>
    public void Answered(Address from, ImagesEmbedded answer, TimeSpan now)
    {
        KnownEmbedder? embedder = _embedders.GetValueOrDefault(from);
        embedder?.Apply(answer.Window, now);
        if (embedder?.Return(answer.Request) is Dispatch dispatch)
        {
            // Also when its time was over: the answer of whichever embedder has it now is ignored.
            Answer(dispatch.Request, new EmbeddingsReady(dispatch.Ask, answer.Logits, answer.Undecodable));
        }
    }

    /// <summary>A request is not served: it goes to another embedder, unless none can serve it.</summary>
    public void Rejected(Address from, EmbeddingRejected rejection, TimeSpan now)
    {
        KnownEmbedder? embedder = _embedders.GetValueOrDefault(from);
        embedder?.Apply(rejection.Window, now);
        if (embedder?.Return(rejection.Request) is not { IsTimedOut: false, Request: PendingRequest request })
        {
            return;
        }

        if (rejection.Reason == RejectionReason.Unreadable)
        {
            Answer(request, new EmbeddingFailed(request.Ask, rejection.Detail ?? "A picture cannot be read."));
            return;
        }

        embedder.Close();
        if (rejection.Reason == RejectionReason.DeviceFailed)
        {
            Lose(request);
        }
        else
        {
            PutBack(request);
        }
    }

    /// <summary>A request could not be sent, because there is no embedder at the address any more.</summary>
    public void NotSent(EmbedderGone gone)
    {
        KnownEmbedder? embedder = _embedders.GetValueOrDefault(gone.Embedder);
        if (embedder?.Return(gone.Request) is { IsTimedOut: false, Request: PendingRequest request })
        {
            embedder.Close();
            PutBack(request);
        }
    }

    /// <summary>An embedder is gone, and what it had with it: its requests go to others, and a late answer to one of them is ignored.</summary>
    /// <returns>Whether it was known.</returns>
    public bool Lost(Address embedder)
    {
        if (!_embedders.Remove(embedder, out KnownEmbedder? known))
        {
            return false;
        }

        // The latest first: each is put back before the others, and so they are sent again in the order in which they were.
        foreach (Dispatch dispatch in known.InFlight.Where(dispatch => !dispatch.IsTimedOut).Reverse())
        {
            Lose(dispatch.Request);
        }

        return true;
    }

    /// <summary>Times out requests: another embedder gets them, and whichever answer comes first counts.</summary>
    /// <returns>How many timed out.</returns>
    public int Expire(TimeSpan now)
    {
        Dispatch[] late = [.. _embedders.Values.SelectMany(embedder => embedder.Expire(now))];
        foreach (Dispatch dispatch in late)
        {
            PutBack(dispatch.Request);
        }

        return late.Length;
    }

    /// <summary>Answers everything that is left.</summary>
    public void Abandon(string detail)
    {
        foreach (PendingRequest request in _unanswered.ToArray())
        {
            Answer(request, new EmbeddingFailed(request.Ask, detail));
        }
    }

    // The embedder that would be done first with a request, among those whose window has room for it.
    private KnownEmbedder? Pick(PendingRequest request, TimeSpan now)
    {
        // One that has run nothing yet is taken to be as fast as the fastest, or it would never be tried.
        double fastest = _embedders.Values.Select(embedder => embedder.ImagesPerSecond).Append(1).Max();
        return _embedders.Values
            .Where(embedder => embedder.HasRoom(request.Ask.Key, request.Images, now))
            .MinBy(embedder => (embedder.Ahead + request.Images) / (embedder.ImagesPerSecond > 0 ? embedder.ImagesPerSecond : fastest));
    }

    private void Lose(PendingRequest request)
    {
        request.Losses++;
        if (request.Losses > MaxLosses)
        {
            Answer(request, new EmbeddingFailed(request.Ask, $"{request.Losses} embedders, or starts of this node's client, were lost while they had these pictures, {request.Ask.Images[0].Name} first."));
        }
        else
        {
            PutBack(request);
        }
    }

    private void PutBack(PendingRequest request)
    {
        if (_unanswered.Contains(request))
        {
            _waiting.PutBack(request);
        }
    }

    private void Answer(PendingRequest request, EmbedReply answer)
    {
        if (_unanswered.Remove(request))
        {
            _waiting.Remove(request);
            reply(request.Owner, answer);
        }
    }
}

/// <summary>Pictures that need logits, until they are answered.</summary>
/// <param name="owner">Who gets the answer.</param>
/// <param name="ask">The pictures.</param>
internal sealed class PendingRequest(IActorRef owner, EmbedForRecord ask) : INoSerializationVerificationNeeded
{
    public IActorRef Owner => owner;

    public EmbedForRecord Ask => ask;

    public int Images { get; } = ask.Images.Count;

    /// <summary>When it was asked.</summary>
    public TimeSpan AskedAt { get; init; }

    /// <summary>Embedders, and starts of the client, that were lost while they had it.</summary>
    public int Losses { get; set; }
}

/// <summary>A request that is sent to an embedder.</summary>
/// <param name="Id">Names it; sent again, it has another.</param>
/// <param name="To">The embedder's member.</param>
/// <param name="Request">The request.</param>
/// <param name="SentAt">When.</param>
/// <param name="Budget">How long it may take.</param>
internal sealed record Dispatch(RequestId Id, Address To, PendingRequest Request, TimeSpan SentAt, TimeSpan Budget)
{
    public EmbedForRecord Ask => Request.Ask;

    /// <summary>It has taken too long, and another embedder is asked as well.</summary>
    public bool IsTimedOut { get; set; }
}
