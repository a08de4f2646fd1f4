using Koalarization.Cluster.Coordination;

namespace Koalarization.Cluster.Control;

/// <summary>Finds the job that a user names. Pure.</summary>
internal static class JobLookup
{
    /// <summary>The job of a name; null: there is none.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="name">An id, a unique prefix of one, or the data set's folder.</param>
    /// <param name="store">The store's folder.</param>
    /// <exception cref="ControlException">Several jobs have the prefix.</exception>
    public static JobsProtocol.JobStatus? Find(IReadOnlyList<JobsProtocol.JobStatus> jobs, string name, string store)
    {
        if (jobs.FirstOrDefault(job => job.Job.Value == name) is JobsProtocol.JobStatus exact)
        {
            return exact;
        }

        if (StorePath.TryRelative(store, name) is string data && jobs.FirstOrDefault(job => job.Data == data) is JobsProtocol.JobStatus ofFolder)
        {
            return ofFolder;
        }

        JobsProtocol.JobStatus[] prefixed = [.. jobs.Where(job => name.Length > 0 && job.Job.Value.StartsWith(name, StringComparison.Ordinal))];
        return prefixed.Length > 1
            ? throw new ControlException(
                ControlError.Invalid, $"'{name}' may be {string.Join(" or ", prefixed.Take(3).Select(job => job.Job))}; give a unique prefix of the job's id.")
            : prefixed.FirstOrDefault();
    }
}
