using Akka.Actor;
using static Koalarization.Cluster.EmbedProtocol;

namespace Koalarization.Cluster.Specs;

/// <summary>A desk among embedders that grant, answer, refuse, die, come back and lose messages, one event at a time.</summary>
internal sealed class DeskWorld
{
    private const int Embedders = 3;

    // What the desk allows a request, and again before it counts its slots as free.
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(60);

    private readonly Embedder[] _embedders = [.. Enumerable.Range(0, Embedders).Select(i => new Embedder(new Address("akka.tcp", "koala", $"host{i}", 1)))];
    private TimeSpan _now = TimeSpan.FromMinutes(1);

    public EmbedDesk<string> Desk { get; } = new();

    public List<int> Asked { get; } = [];

    /// <summary>How often each group was answered.</summary>
    public Dictionary<int, int> Replies { get; } = [];

    public void Do(int happening)
    {
        (int how, int what) = Math.DivRem(happening, 10);
        Embedder embedder = _embedders[how % Embedders];
        switch (what)
        {
            case 0 or 1:
                Ask(asker: $"asker {how % 4}", images: 1 + (how % MostImages));
                break;
            case 2 or 3:
                Desk.Hear(embedder.Address, embedder.Word(slots: how % 100), _now);
                break;
            case 4 or 5:
                Answer(embedder, how);
                break;
            case 6:
                Reject(embedder, how);
                break;
            case 7 when how % 2 == 0:
                embedder.Die();
                Desk.Lost(embedder.Address);
                break;
            case 7:
                // Gone and back before anybody noticed.
                embedder.Die();
                break;
            case 8:
                Pass(TimeSpan.FromSeconds(how % 40));
                break;
            default:
                Desk.Leaving(embedder.Address, embedder.Incarnation);
                break;
        }

        Flush();
    }

    /// <summary>From now on everybody is well.</summary>
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

            Desk.Hear(embedder.Address, embedder.Word(slots: 64), _now);
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

    private void Ask(string asker, int images)
    {
        int tag = Asked.Count;
        Asked.Add(tag);
        var ask = new EmbedForRecord(EmbedWorld.Key, "set", FansOut: false, [.. Enumerable.Repeat(new ImageReference($"{tag}.jpeg", ""), images)], tag);
        Assert.True(Desk.TryAdd(new AskedGroup<string>(asker, ask)));
    }

    private void Answer(Embedder embedder, int how)
    {
        if (embedder.Take(how) is EmbedSending request)
        {
            Desk.Answered(request.Number, embedder.Address, new byte[(int)request.Ask.Tag!], [], embedder.Word(how % 100), _now);
        }
    }

    private void Reject(Embedder embedder, int how)
    {
        if (embedder.Take(how) is EmbedSending request)
        {
            // Once in a while a device fails; more often would answer the group.
            RejectionReason reason = how % 50 == 0 ? RejectionReason.DeviceFailed : how % 2 == 0 ? RejectionReason.Full : RejectionReason.NotReady;
            Desk.Rejected(request.Number, embedder.Address, reason, detail: null, embedder.Word(how % 100), _now);
        }
    }

    private void Pass(TimeSpan time)
    {
        _now += time;
        foreach (Embedder embedder in _embedders)
        {
            // Requests that nobody hears of any more were lost on their way.
            embedder.Requests.RemoveAll(request => request.SentAt + Forgotten <= _now);
        }

        Desk.Expire(_now);
    }

    private void Flush()
    {
        foreach ((_, EmbedReply reply) in Desk.TakeReplies())
        {
            int tag = (int)reply.Asked.Tag!;
            Replies[tag] = Replies.GetValueOrDefault(tag) + 1;
            if (reply is EmbeddingsReady ready)
            {
                Assert.Equal(tag, ready.Logits.Length);
            }
        }

        foreach (EmbedSending sending in Desk.Send(_now))
        {
            Embedder embedder = Array.Find(_embedders, embedder => embedder.Address == sending.To)!;
            Assert.Distinct(Desk.Groups);
            if (!embedder.HasSpoken)
            {
                // It died unnoticed, and who is there now has granted nothing and turns the request down; that word gets lost.
                continue;
            }

            embedder.Requests.Add((sending, _now));
            Assert.True(embedder.Requests.Sum(request => request.Sending.Ask.Images.Count) <= embedder.Granted, "More was sent than was granted.");
        }
    }

    private sealed class Embedder(Address address)
    {
        private int _life;
        private long _sequence;

        public Address Address => address;

        public string Incarnation => $"{address.Host}/{_life}";

        public int Granted { get; private set; }

        /// <summary>Whether it has granted anything since it was started.</summary>
        public bool HasSpoken { get; private set; }

        public List<(EmbedSending Sending, TimeSpan SentAt)> Requests { get; } = [];

        public Credit Word(int slots)
        {
            (Granted, HasSpoken) = (slots, true);
            return new Credit(Incarnation, ++_sequence, EmbedWorld.Key, slots, 100, Queued: Requests.Count);
        }

        public EmbedSending? Take(int which)
        {
            if (Requests.Count == 0)
            {
                return null;
            }

            EmbedSending taken = Requests[which % Requests.Count].Sending;
            Requests.RemoveAt(which % Requests.Count);
            return taken;
        }

        public void Die()
        {
            _life++;
            HasSpoken = false;
            Requests.Clear();
        }
    }
}
