using Akka.Actor;
using Koalarization.Cluster.Coordination;
using static Koalarization.Cluster.Embedding.EmbedProtocol;

namespace Koalarization.Cluster.Embedding;

/// <summary>An embedder as a client knows it: the window that it has announced, and the client's requests that are in flight with it.</summary>
/// <param name="address">Its member.</param>
/// <param name="window">Its first window.</param>
/// <param name="receivedAt">When that came.</param>
internal sealed class KnownEmbedder(Address address, EmbedWindow window, TimeSpan receivedAt)
{
    private readonly OrderedDictionary<RequestId, Dispatch> _inFlight = [];
    private EmbedWindow _window = window;
    private TimeSpan _receivedAt = receivedAt;

    /// <summary>Its rate; 0: not known yet.</summary>
    public double ImagesPerSecond => _window.ImagesPerSecond;

    /// <summary>Requests that it has, in the order in which they were sent.</summary>
    public IReadOnlyList<Dispatch> InFlight => _inFlight.Values;

    /// <summary>Pictures that it has, or will have, before whatever is sent now. Its window does not count those that were sent after it came.</summary>
    public int Ahead => _window.Queued + ImagesOf(InFlight.Where(dispatch => dispatch.SentAt >= _receivedAt));

    /// <summary>How long a request may take before another embedder is asked: four times what the queue takes, half a minute at least.</summary>
    /// <param name="queued">Pictures that are served before the request is, its own included.</param>
    /// <param name="imagesPerSecond">The embedder's rate; 0: not known, and its first batch may be slow.</param>
    public static TimeSpan BudgetOf(int queued, double imagesPerSecond) =>
        imagesPerSecond > 0
            ? TimeSpan.FromSeconds(Math.Clamp(4 * queued / imagesPerSecond, 30, TimeSpan.FromDays(1).TotalSeconds))
            : TimeSpan.FromMinutes(5);

    /// <summary>Whether it is the same process and start.</summary>
    public bool Is(string incarnation) => string.Equals(_window.Incarnation, incarnation, StringComparison.Ordinal);

    /// <summary>Replaces the window, unless the new one is out of date or another incarnation's.</summary>
    public void Apply(EmbedWindow window, TimeSpan now)
    {
        if (Is(window.Incarnation) && window.Sequence > _window.Sequence)
        {
            (_window, _receivedAt) = (window, now);
        }
    }

    /// <summary>It did not serve a request: it gets no other before its next window.</summary>
    public void Close() => _window = _window with { Images = 0 };

    public bool HasRoom(EmbedKey key, int images, TimeSpan now) =>
        _window.Key == key && ImagesOf(InFlight) + images <= _window.Images && now - _receivedAt <= EmbedWindow.Lifetime;

    public Dispatch Send(RequestId id, PendingRequest request, TimeSpan now)
    {
        var dispatch = new Dispatch(id, address, request, now, BudgetOf(Ahead + request.Images, ImagesPerSecond));
        _inFlight.Add(id, dispatch);
        return dispatch;
    }

    /// <summary>A request came back, served or not; null: it was not in flight.</summary>
    public Dispatch? Return(RequestId id) => _inFlight.Remove(id, out Dispatch? dispatch) ? dispatch : null;

    /// <summary>Times out requests. They are in flight for as much time again, because the embedder may be late and alive.</summary>
    /// <returns>Those that have timed out now.</returns>
    public IReadOnlyList<Dispatch> Expire(TimeSpan now)
    {
        Dispatch[] late = [.. InFlight.Where(dispatch => !dispatch.IsTimedOut && now >= dispatch.SentAt + dispatch.Budget)];
        foreach (Dispatch dispatch in late)
        {
            dispatch.IsTimedOut = true;
        }

        foreach (Dispatch dispatch in InFlight.Where(dispatch => now >= dispatch.SentAt + (2 * dispatch.Budget)).ToArray())
        {
            _inFlight.Remove(dispatch.Id);
        }

        return late;
    }

    private static int ImagesOf(IEnumerable<Dispatch> dispatches) => dispatches.Sum(dispatch => dispatch.Request.Images);
}
