using Akka.Actor;
using Koalarization.Cluster.Embedding;
using static Koalarization.Cluster.Embedding.EmbedProtocol;

namespace Koalarization.Cluster.Specs.Embedding;

/// <summary>A queue of requests among embedders that announce windows, answer, reject, die, come back and lose messages, one event at a time.</summary>
internal sealed class RequestQueueWorld
{
    private const int Embedders = 3;

    // What the queue allows a request, and again before it counts as in flight no longer.
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(60);

    private readonly Embedder[] _embedders = [.. Enumerable.Range(0, Embedders).Select(i => new Embedder(new Address("akka.tcp", "koala", $"host{i}", 1)))];
    private TimeSpan _now = TimeSpan.FromMinutes(1);

    public RequestQueueWorld() => Queue = new EmbedRequestQueue("client", (_, reply) => Count(reply));

    public EmbedRequestQueue Queue { get; }

    public List<int> Asked { get; } = [];

    /// <summary>How often each request was answered.</summary>
    public Dictionary<int, int> Replies { get; } = [];

    public void Do(int happening)
    {
        (int how, int what) = Math.DivRem(happening, 10);
        Embedder embedder = _embedders[how % Embedders];
        switch (what)
        {
            case 0 or 1:
                Ask(owner: $"owner {how % 4}", images: 1 + (how % MaxImages));
                break;
            case 2 or 3:
                Queue.Announced(embedder.Address, embedder.Window(images: how % 100), _now);
                break;
            case 4 or 5:
                Answer(embedder, how);
                break;
            case 6:
                Reject(embedder, how);
                break;
            case 7 when how % 2 == 0:
                embedder.Die();
                Queue.Lost(embedder.Address);
                break;
            case 7:
                // Gone and back before the membership noticed.
                embedder.Die();
                break;
            case 8:
                Pass(TimeSpan.FromSeconds(how % 40));
                break;
            default:
                // It leaves, or loads its network.
                Queue.Announced(embedder.Address, embedder.Window(images: 0) with { Key = null }, _now);
                break;
        }

        Flush();
    }

    /// <summary>From now on one embedder serves everything.</summary>
    public void Finish()
    {
        for (int i = 0; Replies.Count < Asked.Count; i++)
        {
            Assert.True(i < 10_000, "It does not come to an end.");
            Embedder embedder = _embedders[0];
            if (i == 0)
            {
                embedder.Die();
            }

            Queue.Announced(embedder.Address, embedder.Window(images: 64), _now);
            Flush();
            while (embedder.Requests.Count > 0)
            {
                Answer(embedder, 64);
                Flush();
            }

            Pass(TimeSpan.FromSeconds(4));
            Flush();
        }
    }

    private void Ask(string owner, int images)
    {
        int tag = Asked.Count;
        Asked.Add(tag);
        var ask = new EmbedForRecord(EmbedWorld.Key, "set", FansOut: false, [.. Enumerable.Repeat(new ImageReference($"{tag}.jpeg", ""), images)], tag);
        Queue.Add(new PendingRequest(new NamedOwner(owner), ask));
    }

    private void Answer(Embedder embedder, int how)
    {
        if (embedder.Take(how) is Dispatch request)
        {
            Queue.Answered(embedder.Address, new ImagesEmbedded(request.Id, new byte[(int)request.Ask.Tag!], [], embedder.Window(how % 100)), _now);
        }
    }

    private void Reject(Embedder embedder, int how)
    {
        if (embedder.Take(how) is Dispatch request)
        {
            // Once in a while a device fails; more often would answer the request.
            RejectionReason reason = how % 50 == 0 ? RejectionReason.DeviceFailed : how % 2 == 0 ? RejectionReason.Full : RejectionReason.NotReady;
            Queue.Rejected(embedder.Address, new EmbeddingRejected(request.Id, reason, Detail: null, embedder.Window(how % 100)), _now);
        }
    }

    private void Pass(TimeSpan time)
    {
        _now += time;
        foreach (Embedder embedder in _embedders)
        {
            // Requests that were not answered by now were lost.
            embedder.Requests.RemoveAll(request => request.SentAt + Forgotten <= _now);
        }

        Queue.Expire(_now);
    }

    private void Count(EmbedReply reply)
    {
        int tag = (int)reply.Request.Tag!;
        Replies[tag] = Replies.GetValueOrDefault(tag) + 1;
        if (reply is EmbeddingsReady ready)
        {
            Assert.Equal(tag, ready.Logits.Length);
        }
    }

    private void Flush()
    {
        foreach (Dispatch dispatch in Queue.TakeDispatches(_now))
        {
            Embedder embedder = Array.Find(_embedders, embedder => embedder.Address == dispatch.To)!;
            Assert.Contains(dispatch.Request, Queue.Unanswered);
            if (!embedder.HasAnnounced)
            {
                // It died unnoticed, and the one that is there now has announced nothing and rejects the request; the rejection is lost.
                continue;
            }

            embedder.Requests.Add((dispatch, _now));
            Assert.Distinct(_embedders.SelectMany(each => each.Requests).Where(sent => !sent.Dispatch.IsTimedOut).Select(sent => sent.Dispatch.Request));
            Assert.True(embedder.Requests.Sum(request => request.Dispatch.Ask.Images.Count) <= embedder.Size, "More was sent than the window has room for.");
        }
    }

    private sealed class Embedder(Address address)
    {
        private int _life;
        private long _sequence;

        public Address Address => address;

        public string Incarnation => $"{address.Host}/{_life}";

        public int Size { get; private set; }

        /// <summary>Whether it has announced a window since it was started.</summary>
        public bool HasAnnounced { get; private set; }

        public List<(Dispatch Dispatch, TimeSpan SentAt)> Requests { get; } = [];

        public EmbedWindow Window(int images)
        {
            (Size, HasAnnounced) = (images, true);
            return new EmbedWindow(Incarnation, ++_sequence, EmbedWorld.Key, images, 100, Queued: Requests.Count);
        }

        public Dispatch? Take(int which)
        {
            if (Requests.Count == 0)
            {
                return null;
            }

            Dispatch taken = Requests[which % Requests.Count].Dispatch;
            Requests.RemoveAt(which % Requests.Count);
            return taken;
        }

        public void Die()
        {
            _life++;
            HasAnnounced = false;
            Requests.Clear();
        }
    }
}
