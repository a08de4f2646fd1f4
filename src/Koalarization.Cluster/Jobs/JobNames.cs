namespace Koalarization.Cluster;

/// <summary>Which job a user means.</summary>
internal static class JobNames
{
    /// <summary>The job that a name means; null: none has it.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="name">An id, a beginning of one that no other has, or the data set's folder.</param>
    /// <param name="store">The store's folder.</param>
    /// <exception cref="DoorException">Several may be meant.</exception>
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

        JobsProtocol.JobStatus[] begun = [.. jobs.Where(job => name.Length > 0 && job.Job.Value.StartsWith(name, StringComparison.Ordinal))];
        return begun.Length > 1
            ? throw new DoorException(
                DoorTrouble.Unfit, $"'{name}' may be {string.Join(" or ", begun.Take(3).Select(job => job.Job))}; give more of the job's id.")
            : begun.FirstOrDefault();
    }
}
