using Akka.Actor;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.HostLimits;

/// <summary>Where a fetch node has the permits of its jobs' hosts from. Thread-safe.</summary>
internal interface IHostPermitSource
{
    /// <summary>The host permits of a job that the node works on; the same object each time until <see cref="End"/>.</summary>
    IHostLimitSource Of(JobId job);

    /// <summary>The node has no slice of the job any more.</summary>
    void End(JobId job);
}

/// <summary>Makes a node's permit source; called once, by <c>/user/fetch</c> when it starts.</summary>
/// <param name="context">Actors that it needs become children of <c>/user/fetch</c>.</param>
/// <param name="throttle">Notified of changes (<see cref="FetchThrottle.Change"/>).</param>
/// <param name="coordinator">Answers the sender.</param>
internal delegate IHostPermitSource HostPermitSourceFactory(IActorRefFactory context, FetchThrottle throttle, IActorRef coordinator);
