using Akka.Actor;
using Koalarization.Harvest;

namespace Koalarization.Cluster;

/// <summary>Where a fetch node has the places of its jobs' hosts from. Thread-safe.</summary>
internal interface IJobPlaces
{
    /// <summary>The hosts' places for a job that the node works on; the same object each time until the job is <see cref="Ended"/>.</summary>
    IPlaceSource Of(JobId job);

    /// <summary>The node holds no slice of the job any more.</summary>
    void Ended(JobId job);
}

/// <summary>Makes a node's places; called once, by <c>/user/fetch</c> when it starts.</summary>
/// <param name="context">Actors that it needs become children of <c>/user/fetch</c>.</param>
/// <param name="gate">Told of what changes (<see cref="FetchThrottle.Change"/>).</param>
/// <param name="coordinator">Answers the sender.</param>
internal delegate IJobPlaces JobPlacesFactory(IActorRefFactory context, FetchThrottle gate, IActorRef coordinator);
