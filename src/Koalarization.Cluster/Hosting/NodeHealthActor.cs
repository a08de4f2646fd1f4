using Akka.Actor;
using Akka.Event;
using Koalarization.Cluster.Embedding;

namespace Koalarization.Cluster.Hosting;

/// <summary><c>/user/health</c>: watches the node's stages, and counts messages that reached no actor.</summary>
internal sealed class NodeHealthActor : ReceiveActor
{
    /// <summary>Its name.</summary>
    public const string ActorName = "health";

    private readonly NodeHealth _health;
    private readonly IReadOnlyDictionary<string, IActorRef> _stages;

    /// <param name="health">What it keeps.</param>
    /// <param name="stages">The node's stages, by name. That of role embed works once its network is loaded.</param>
    public NodeHealthActor(NodeHealth health, IReadOnlyDictionary<string, IActorRef> stages)
    {
        (_health, _stages) = (health, stages);
        Receive<Terminated>(ended => _health.Set(_stages.Single(stage => stage.Value.Equals(ended.ActorRef)).Key, works: false));
        Receive<NetworksReady>(ready => _health.Set(NodeRoles.Embed, ready.Networks.Count > 0));
        Receive<DeadLetter>(_ => ClusterInstruments.DeadLetters.Add(1));
    }

    protected override void PreStart()
    {
        foreach ((string name, IActorRef stage) in _stages)
        {
            _health.Set(name, works: name != NodeRoles.Embed);
            Context.Watch(stage);
        }

        Context.System.EventStream.Subscribe<DeadLetter>(Self);
        if (_stages.ContainsKey(NodeRoles.Embed))
        {
            Context.System.EventStream.Subscribe<NetworksReady>(Self);
        }

        _health.Started(Context.System);
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);
}
