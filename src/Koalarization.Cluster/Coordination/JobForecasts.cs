using Koalarization.Cluster.HostLimits;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Coordination;

/// <summary>How fast each job in work goes, what it is bound by, and when it will be done. Not thread-safe.</summary>
/// <param name="time">The clock.</param>
internal sealed class JobForecasts(TimeProvider time)
{
    private readonly Dictionary<JobId, (JobPace Pace, JobsProtocol.JobBound By, string Reason)> _jobs = [];

    /// <summary>Takes the jobs as they are now: once a second.</summary>
    public void Update(CoordinatorState state, IReadOnlyDictionary<JobId, HostLoad> hosts)
    {
        HashSet<JobId> live = [.. state.Live.Select(job => job.Id)];
        foreach (JobId ended in _jobs.Keys.Where(job => !live.Contains(job)).ToArray())
        {
            _jobs.Remove(ended);
        }

        foreach (CoordinatedJob job in state.Live)
        {
            JobPace pace = _jobs.TryGetValue(job.Id, out var known) ? known.Pace : new JobPace(time);
            if (job.IsWorking)
            {
                pace.Add(JobStatusProjection.FiguresOf(job));
            }

            (JobsProtocol.JobBound by, string reason) = JobBounds.Of(JobLoad.Of(state, job, hosts.GetValueOrDefault(job.Id, HostLoad.None)));
            _jobs[job.Id] = (pace, by, reason);
        }
    }

    /// <summary>A job's status with what is known of its way.</summary>
    public JobsProtocol.JobStatus With(JobsProtocol.JobStatus status) =>
        status.Phase is JobsProtocol.JobPhase.Opening or JobsProtocol.JobPhase.Working && _jobs.TryGetValue(status.Job, out var known)
            ? status with
            {
                LinksPerSecond = known.Pace.LinksPerSecond,
                PicturesPerSecond = known.Pace.PicturesPerSecond,
                BoundBy = known.By,
                BoundReason = known.Reason,
                SecondsLeft = known.Pace.SecondsLeft,
            }
            : status;
}
