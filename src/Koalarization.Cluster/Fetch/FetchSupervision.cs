using Akka.Actor;
using Akka.Actor.Internal;

namespace Koalarization.Cluster;

/// <summary>Stops a fetch that failed, and leaves it to its supervisor when it is started anew. Says nothing: dead links are the web's usual state.</summary>
/// <param name="failed">Called on the supervisor's thread, when the child has been told to stop.</param>
internal sealed class FetchSupervision(Action<IActorRef, Exception> failed)
    : OneForOneStrategy(maxNrOfRetries: -1, withinTimeMilliseconds: -1, _ => Directive.Stop, loggingEnabled: false)
{
    public override void ProcessFailure(
        IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        base.ProcessFailure(context, restart, child, cause, stats, children);
        failed(child, cause is ActorInitializationException { InnerException: Exception inner } ? inner : cause);
    }
}
