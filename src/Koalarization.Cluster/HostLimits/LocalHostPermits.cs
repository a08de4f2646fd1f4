using System.Collections.Concurrent;
using Koalarization.Harvest;

namespace Koalarization.Cluster;

/// <summary>Permits of a node that shares its hosts with no other: each job begins with its own.</summary>
internal sealed class LocalHostPermits(HarvestOptions options) : IHostPermitSource
{
    private readonly ConcurrentDictionary<JobId, IPlaceSource> _jobs = new();

    public IPlaceSource Of(JobId job) => _jobs.GetOrAdd(job, _ => new LocalPlaceSource(options));

    public void End(JobId job) => _jobs.TryRemove(job, out _);
}
