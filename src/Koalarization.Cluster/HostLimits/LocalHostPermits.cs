using System.Collections.Concurrent;
using Koalarization.Harvest.Fetching;
using Koalarization.Harvest.Hosts;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.HostLimits;

/// <summary>Permits of a node that shares its hosts with no other: each job begins with its own.</summary>
internal sealed class LocalHostPermits(DownloadOptions options) : IHostPermitSource
{
    private readonly ConcurrentDictionary<JobId, IHostLimitSource> _jobs = new();

    public IHostLimitSource Of(JobId job) => _jobs.GetOrAdd(job, _ => new LocalHostLimitSource(options));

    public void End(JobId job) => _jobs.TryRemove(job, out _);
}
