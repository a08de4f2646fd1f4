using Akka.Actor;
using Koalarization.Cluster.Embedding;
using static Koalarization.Cluster.Embedding.EmbedProtocol;

namespace Koalarization.Cluster.Specs.Embedding;

/// <summary>
/// Clients and embedders in virtual time, with the decisions of the real ones: queues, windows, batches. Devices take the time that their rate says, for every
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

    /// <summary>Requests that were answered twice, or without logits.</summary>
    public int Wrong { get; private set; }

    /// <summary>Requests that an embedder did not take, because it had too much in work.</summary>
    public int Rejected { get; private set; }

    public void AddClient(int requests, int owners)
    {
        var client = new SimulatedClient(this, owners);
        client.Expect(requests);
        client.Add(requests);
        _clients.Add(client);
    }

    /// <summary>A client that needs little: one request after the other, with pauses.</summary>
    public void AddSlowClient(int requests, TimeSpan pause)
    {
        var client = new SimulatedClient(this, owners: 1);
        client.Expect(requests);
        _clients.Add(client);
        for (int request = 0; request < requests; request++)
        {
            At(Now + (request * pause), () => client.Add(1));
        }
    }

    public void AddEmbedder(double imagesPerSecond) => _embedders.Add(new SimulatedEmbedder(this, $"host{_embedders.Count}", imagesPerSecond));

    /// <summary>At some time an embedder is killed; it is back after a while.</summary>
    public void KillAt(TimeSpan after, int embedder, TimeSpan away) => At(Now + after, () => _embedders[embedder].Kill(away));

    /// <summary>Runs until all is delivered, or the time is over.</summary>
    public void Run(TimeSpan time)
    {
        TimeSpan end = Now + time;
        _clients.ForEach(client => client.Tick());
        _embedders.ForEach(embedder => embedder.Tick());
        while (_clients.Exists(client => client.IsWorking) && _events.TryDequeue(out Action? happen, out (TimeSpan At, long Order) key) && key.At <= end)
        {
            Now = key.At;
            happen();
        }
    }

    private void At(TimeSpan time, Action happen) => _events.Enqueue(happen, (time, _order++));

    private void Send(Action deliver) => At(Now + Latency, deliver);

    private sealed class SimulatedClient
    {
        private readonly EmbedSimulation _world;
        private readonly NamedOwner[] _owners;
        private readonly EmbedRequestQueue _queue;
        private readonly HashSet<int> _answered = [];
        private int _added;
        private int _left;

        public SimulatedClient(EmbedSimulation world, int owners)
        {
            _world = world;
            _owners = [.. Enumerable.Range(0, owners).Select(owner => new NamedOwner($"owner{owner}"))];
            _queue = new EmbedRequestQueue("client", (_, reply) => Replied(reply));
        }

        public bool IsWorking => _left > 0;

        public void Expect(int requests) => _left = requests;

        public void Add(int requests)
        {
            for (int request = 0; request < requests; request++)
            {
                ImageReference[] images = [.. Enumerable.Repeat(new ImageReference("1.jpeg", ""), MaxImages)];
                _queue.Add(new PendingRequest(_owners[_added % _owners.Length], new EmbedForRecord(EmbedWorld.Key, "set", FansOut: false, images, _added)));
                _added++;
            }

            Flush();
        }

        public void Announced(SimulatedEmbedder embedder, EmbedWindow window)
        {
            _queue.Announced(embedder.Address, window, _world.Now);
            Flush();
        }

        public void Answered(SimulatedEmbedder embedder, RequestId id, EmbedWindow window)
        {
            _queue.Answered(embedder.Address, new ImagesEmbedded(id, default, [], window), _world.Now);
            Flush();
        }

        public void Rejected(SimulatedEmbedder embedder, RequestId id, RejectionReason reason, EmbedWindow window)
        {
            _queue.Rejected(embedder.Address, new EmbeddingRejected(id, reason, Detail: null, window), _world.Now);
            Flush();
        }

        public void Lost(SimulatedEmbedder embedder)
        {
            _queue.Lost(embedder.Address);
            Flush();
        }

        public void Tick()
        {
            _queue.Expire(_world.Now);
            Flush();
            _world.At(_world.Now + Second, Tick);
        }

        private void Replied(EmbedReply reply)
        {
            if (reply is not EmbeddingsReady || !_answered.Add((int)reply.Request.Tag!))
            {
                _world.Wrong++;
            }

            _world.Delivered += reply.Request.Images.Count;
            _left--;
        }

        private void Flush()
        {
            foreach (Dispatch dispatch in _queue.TakeDispatches(_world.Now))
            {
                SimulatedEmbedder embedder = _world._embedders.Find(embedder => embedder.Address == dispatch.To)!;
                _world.Send(() => embedder.Take(this, dispatch.Id, dispatch.Ask.Images.Count));
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

        public void Tick()
        {
            if (!_isAway)
            {
                world._clients.ForEach(client => Tell(window => client.Announced(this, window), client));
            }

            world.At(world.Now + Second, Tick);
        }

        public void Take(SimulatedClient client, RequestId id, int images)
        {
            if (_isAway)
            {
                return;
            }

            if (!_life.Windows.TryTake(client, images, _life.Capacity))
            {
                world.Rejected++;
                Tell(window => client.Rejected(this, id, RejectionReason.Full, window), client);
                return;
            }

            Life life = _life;
            var request = new Request(client, id) { Open = images };
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
                int count = BatchPolicy.Default.Close(life.Ready.Count, waited, life.OnDevice, Batch);
                if (count == 0)
                {
                    if (life.OnDevice == 0)
                    {
                        world.At(life.Ready[0].At + BatchPolicy.Default.MaxWait, () => Feed(life));
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
                    life.Windows.End(request.Client, MaxImages);
                    Tell(window => request.Client.Answered(this, request.Id, window), request.Client);
                }
            }

            Feed(life);
        }

        private void Tell(Action<EmbedWindow> deliver, SimulatedClient client)
        {
            var window = new EmbedWindow(
                $"{host}/{_life.Number}", ++_life.Sequence, EmbedWorld.Key, _life.Windows.Of(client, _life.Capacity), _life.Rate.ImagesPerSecond, _life.Windows.InWork);
            world.Send(() => deliver(window));
        }

        private sealed class Life(int number)
        {
            public int Number => number;

            public ClientWindows<SimulatedClient> Windows { get; } = new();

            public int Capacity => BatchPolicy.Capacity(Batch, Rate.ImagesPerSecond);

            public List<(Request Request, TimeSpan At)> Ready { get; } = [];

            public RateMeter Rate { get; set; }

            public TimeSpan FreeAt { get; set; }

            public int OnDevice { get; set; }

            public long Sequence { get; set; }
        }

        private sealed class Request(SimulatedClient client, RequestId id)
        {
            public SimulatedClient Client => client;

            public RequestId Id => id;

            public int Open { get; set; }
        }
    }
}
