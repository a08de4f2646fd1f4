using Akka.Actor;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.JobStorage;
using Koalarization.Cluster.Wire;
using Koalarization.Pipeline.Jobs;

namespace Koalarization.Cluster.Control;

/// <summary>
/// What a user may ask of the cluster. Each member ends with an answer, or with a <see cref="ControlException"/>. Thread-safe.
/// </summary>
/// <param name="coordinator">The coordinator, or a proxy of it.</param>
/// <param name="store">The store's folder, full path.</param>
/// <param name="timeout">How long an answer is waited for; null: 10 seconds.</param>
/// <param name="exists">Whether this node sees a path; null: it looks at the disk.</param>
/// <param name="sources">The sources that jobs may name; null: any.</param>
internal sealed class ControlService(ICanTell coordinator, string store, TimeSpan? timeout = null, Func<string, bool>? exists = null, AllowedSources? sources = null)
{
    private readonly TimeSpan _timeout = timeout ?? TimeSpan.FromSeconds(10);

    /// <summary>The folder that data sets lie in.</summary>
    public string Store => store;

    /// <summary>Begins a job, or continues it.</summary>
    public async Task<JobsProtocol.JobAccepted> SubmitAsync(JobSpec spec)
    {
        JobSpec valid = JobSpecValidator.Validate(spec, store);
        if (await LookAsync(valid) is string fault)
        {
            throw new ControlException(ControlError.Invalid, fault);
        }

        return await AskAsync<JobsProtocol.JobAccepted>(new JobsProtocol.SubmitJob(valid), ControlError.Conflict);
    }

    /// <summary>Stops a job.</summary>
    /// <param name="name">As for <see cref="JobAsync"/>.</param>
    public async Task<JobsProtocol.JobAccepted> CancelAsync(string name)
    {
        JobsProtocol.JobStatus job = await JobAsync(name);
        return await AskAsync<JobsProtocol.JobAccepted>(new JobsProtocol.CancelJob(job.Job), ControlError.Conflict);
    }

    /// <summary>Tries the links again that have no picture.</summary>
    /// <param name="name">As for <see cref="JobAsync"/>.</param>
    public async Task<JobsProtocol.JobAccepted> RetryFailedAsync(string name)
    {
        JobsProtocol.JobStatus job = await JobAsync(name);
        return await AskAsync<JobsProtocol.JobAccepted>(new JobsProtocol.RetryFailed(job.Job), ControlError.Conflict);
    }

    /// <summary>A job's status.</summary>
    /// <param name="name">The job's id, a unique prefix of it, or its data set's folder.</param>
    public async Task<JobsProtocol.JobStatus> JobAsync(string name)
    {
        // Clients that follow a job ask by its id: the list of all jobs is not needed for that.
        if (JobId.IsId(name) && await AskAsync(new JobsProtocol.GetJob(new JobId(name))) is JobsProtocol.JobStatus status)
        {
            return status;
        }

        JobsProtocol.JobList list = await JobsAsync();
        return JobLookup.Find(list.Jobs, name, store) ?? throw new ControlException(ControlError.NotFound, $"there is no job '{name}'; koala jobs lists them.");
    }

    /// <summary>The jobs.</summary>
    public Task<JobsProtocol.JobList> JobsAsync() => AskAsync<JobsProtocol.JobList>(new JobsProtocol.GetJobs(), ControlError.Conflict);

    /// <summary>The nodes.</summary>
    public Task<JobsProtocol.NodeList> NodesAsync() => AskAsync<JobsProtocol.NodeList>(new JobsProtocol.GetNodes(), ControlError.Conflict);

    /// <summary>What waits for embedders.</summary>
    public Task<JobsProtocol.EmbedDemand> EmbedDemandAsync() => AskAsync<JobsProtocol.EmbedDemand>(new JobsProtocol.GetEmbedDemand(), ControlError.Conflict);

    /// <summary>Has a node finish and leave.</summary>
    /// <param name="address">Its <c>host:port</c>.</param>
    public Task<JobsProtocol.DrainAccepted> DrainAsync(string address) =>
        AskAsync<JobsProtocol.DrainAccepted>(new JobsProtocol.DrainNode(address), ControlError.NotFound);

    // A mount that hangs must not hang the request.
    private async Task<string?> LookAsync(JobSpec spec)
    {
        try
        {
            return await Task.Run(() => FaultOf(spec)).WaitAsync(_timeout);
        }
        catch (TimeoutException)
        {
            throw new ControlException(ControlError.Unavailable, $"the disk of {spec.Source} does not answer; try again when it does.");
        }
    }

    private string? FaultOf(JobSpec spec) =>
        JobSpecValidator.IsUrl(spec.Source) || (exists ?? Path.Exists)(spec.Source)
            ? sources?.FaultOf(spec.Source)
            : $"the control node cannot find {spec.Source}; put the list where every control node has it under this path, such as below {store}.";

    private async Task<T> AskAsync<T>(IWireMessage question, ControlError whenRefused) => await AskAsync(question) switch
    {
        T expected => expected,
        JobsProtocol.JobRefused refused => throw new ControlException(whenRefused, refused.Reason),
        var other => throw new InvalidOperationException($"{question.GetType().Name} was answered with {other.GetType().Name}."),
    };

    private async Task<IWireMessage> AskAsync(IWireMessage question)
    {
        try
        {
            return await coordinator.Ask<IWireMessage>(question, _timeout);
        }
        catch (AskTimeoutException)
        {
            throw new ControlException(
                ControlError.Unavailable, "the cluster's coordinator does not answer, as happens for a while when its node is lost; ask again in half a minute.");
        }
    }
}

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
