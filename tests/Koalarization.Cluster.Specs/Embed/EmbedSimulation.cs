using Akka.Actor;
using static Koalarization.Cluster.EmbedProtocol;

namespace Koalarization.Cluster.Specs;

/// <summary>
/// Clients and embedders in virtual time, with the decisions of the real ones: desks, grants, batches. Devices take the time that their rate says, for every
/// batch, full or not; messages take a few milliseconds.
/// </summary>
internal sealed class EmbedSimulation
{
    public const int Batch = 32;

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Decoding = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // How long it takes until the membership says that a node is gone.
    private static readonly TimeSpan Detection = TimeSpan.FromSeconds(10);

    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly List<SimulatedClient> _clients = [];
    private readonly List<SimulatedEmbedder> _embedders = [];
    private long _order;

    public TimeSpan Now { get; private set; } = TimeSpan.FromMinutes(1);

    /// <summary>Pictures that devices ran.</summary>
    public int Embedded { get; private set; }

    /// <summary>Pictures that clients got.</summary>
    public int Delivered { get; private set; }

    /// <summary>Groups that were answered twice, or without logits.</summary>
    public int Wrong { get; private set; }

    public void AddClient(int groups, int askers)
    {
        var client = new SimulatedClient(this, $"client {_clients.Count}", askers);
        client.Ask(groups);
        _clients.Add(client);
    }

    public void AddEmbedder(double imagesPerSecond) => _embedders.Add(new SimulatedEmbedder(this, $"host{_embedders.Count}", imagesPerSecond));

    /// <summary>At some time an embedder is killed; it is back after a while.</summary>
    public void KillAt(TimeSpan after, int embedder, TimeSpan away) => At(Now + after, () => _embedders[embedder].Kill(away));

    /// <summary>Runs until all is delivered, or the time is over.</summary>
    public void Run(TimeSpan time)
    {
        TimeSpan end = Now + time;
        _clients.ForEach(client => client.Tick());
        while (_clients.Exists(client => client.IsWorking) && _events.TryDequeue(out Action? happen, out (TimeSpan At, long Order) key) && key.At <= end)
        {
            Now = key.At;
            happen();
        }
    }

    private void At(TimeSpan time, Action happen) => _events.Enqueue(happen, (time, _order++));

    private void Send(Action deliver) => At(Now + Latency, deliver);

    private sealed class SimulatedClient(EmbedSimulation world, string name, int askers)
    {
        private readonly EmbedDesk<int> _desk = new();
        private readonly HashSet<int> _answered = [];
        private int _left;

        public bool IsWorking => _left > 0;

        public void Ask(int groups)
        {
            for (int group = 0; group < groups; group++)
            {
                ImageReference[] images = [.. Enumerable.Repeat(new ImageReference("1.jpeg", ""), MostImages)];
                Assert.True(_desk.TryAdd(new AskedGroup<int>(group % askers, new EmbedForRecord(EmbedWorld.Key, "set", FansOut: false, images, group))));
                _left++;
            }
        }

        public void Hear(SimulatedEmbedder embedder, Credit credit)
        {
            _desk.Hear(embedder.Address, credit, world.Now);
            Flush();
        }

        public void Answered(SimulatedEmbedder embedder, long number, Credit credit)
        {
            _desk.Answered(number, embedder.Address, default, [], credit, world.Now);
            Flush();
        }

        public void Rejected(SimulatedEmbedder embedder, long number, RejectionReason reason, Credit credit)
        {
            _desk.Rejected(number, embedder.Address, reason, detail: null, credit, world.Now);
            Flush();
        }

        public void Lost(SimulatedEmbedder embedder)
        {
            _desk.Lost(embedder.Address);
            Flush();
        }

        public void Tick()
        {
            _desk.Expire(world.Now);
            int wanted = _desk.Wanted.GetValueOrDefault(EmbedWorld.Key);
            foreach (SimulatedEmbedder embedder in world._embedders)
            {
                world.Send(() => embedder.Wanted(this, name, wanted));
            }

            Flush();
            world.At(world.Now + Second, Tick);
        }

        private void Flush()
        {
            foreach ((_, EmbedReply reply) in _desk.TakeReplies())
            {
                if (reply is not EmbeddingsReady || !_answered.Add((int)reply.Asked.Tag!))
                {
                    world.Wrong++;
                }

                world.Delivered += reply.Asked.Images.Count;
                _left--;
            }

            foreach (EmbedSending sending in _desk.Send(world.Now))
            {
                SimulatedEmbedder embedder = world._embedders.Find(embedder => embedder.Address == sending.To)!;
                world.Send(() => embedder.Take(this, name, sending.Number, sending.Ask.Images.Count));
            }
        }
    }

    private sealed class SimulatedEmbedder(EmbedSimulation world, string host, double imagesPerSecond)
    {
        private readonly TimeSpan _batchTime = TimeSpan.FromSeconds(Batch / imagesPerSecond);
        private Life _life = new(0);
        private int _lives;
        private bool _isAway;

        public Address Address { get; } = new("akka.tcp", "koala", host, 1);

        public void Kill(TimeSpan away)
        {
            _isAway = true;
            world.At(world.Now + Detection, () => world._clients.ForEach(client => client.Lost(this)));
            world.At(world.Now + away, () =>
            {
                _life = new Life(++_lives);
                _isAway = false;
            });
        }

        public void Wanted(SimulatedClient client, string name, int images)
        {
            if (!_isAway)
            {
                _life.Grants.Want(name, images, world.Now);
                Tell(credit => client.Hear(this, credit), name);
            }
        }

        public void Take(SimulatedClient client, string name, long number, int images)
        {
            if (_isAway)
            {
                return;
            }

            if (!_life.Grants.TryTake(name, images))
            {
                Tell(credit => client.Rejected(this, number, RejectionReason.Full, credit), name);
                return;
            }

            Life life = _life;
            var request = new Request(client, name, number) { Open = images };
            world.At(world.Now + Decoding, () =>
            {
                life.Ready.AddRange(Enumerable.Repeat((request, world.Now), images));
                Feed(life);
            });
        }

        private void Feed(Life life)
        {
            while (!_isAway && life == _life && life.Ready.Count > 0)
            {
                TimeSpan waited = world.Now - life.Ready[0].At;
                int count = BatchPolicy.Usual.Close(life.Ready.Count, waited, life.OnDevice, Batch);
                if (count == 0)
                {
                    if (life.OnDevice == 0)
                    {
                        world.At(life.Ready[0].At + BatchPolicy.Usual.MaxWait, () => Feed(life));
                    }

                    return;
                }

                Request[] batch = [.. life.Ready.Take(count).Select(picture => picture.Request)];
                life.Ready.RemoveRange(0, count);
                life.OnDevice++;
                life.FreeAt = (life.FreeAt > world.Now ? life.FreeAt : world.Now) + _batchTime;
                world.At(life.FreeAt, () => Ran(life, batch));
            }
        }

        private void Ran(Life life, Request[] batch)
        {
            if (_isAway || life != _life)
            {
                return;
            }

            world.Embedded += batch.Length;
            life.OnDevice--;
            life.Rate = life.Rate.With(batch.Length, Batch, _batchTime);
            foreach (Request request in batch)
            {
                if (--request.Open == 0)
                {
                    life.Grants.End(request.Name, MostImages);
                    Tell(credit => request.Client.Answered(this, request.Number, credit), request.Name);
                }
            }

            Feed(life);
        }

        private void Tell(Action<Credit> deliver, string client)
        {
            int slots = CreditDivision.Slots(Batch, _life.Rate.ImagesPerSecond);
            var credit = new Credit(
                $"{host}/{_life.Number}", ++_life.Sequence, EmbedWorld.Key, _life.Grants.Grant(client, slots, world.Now), _life.Rate.ImagesPerSecond, _life.Grants.InWork);
            world.Send(() => deliver(credit));
        }

        private sealed class Life(int number)
        {
            public int Number => number;

            public GrantBook Grants { get; } = new();

            public List<(Request Request, TimeSpan At)> Ready { get; } = [];

            public RateMeter Rate { get; set; }

            public TimeSpan FreeAt { get; set; }

            public int OnDevice { get; set; }

            public long Sequence { get; set; }
        }

        private sealed class Request(SimulatedClient client, string name, long number)
        {
            public SimulatedClient Client => client;

            public string Name => name;

            public long Number => number;

            public int Open { get; set; }
        }
    }
}
