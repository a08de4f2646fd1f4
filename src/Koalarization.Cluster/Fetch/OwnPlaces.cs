using System.Collections.Concurrent;
using Koalarization.Harvest;

namespace Koalarization.Cluster;

/// <summary>Places of a node that need not share its hosts with others: each job begins with its own.</summary>
internal sealed class OwnPlaces(HarvestOptions options) : IJobPlaces
{
    private readonly ConcurrentDictionary<JobId, IPlaceSource> _jobs = new();

    public IPlaceSource Of(JobId job) => _jobs.GetOrAdd(job, _ => new LocalPlaceSource(options));

    public void Ended(JobId job) => _jobs.TryRemove(job, out _);
}
