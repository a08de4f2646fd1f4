using Akka.Actor;
using Akka.Actor.Internal;

namespace Koalarization.Cluster.Fetching;

/// <summary>Stops a fetch that failed; its supervisor decides when it is started again. Logs nothing: dead links are usual.</summary>
/// <param name="failed">Called on the supervisor's thread, when the child is stopping.</param>
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
