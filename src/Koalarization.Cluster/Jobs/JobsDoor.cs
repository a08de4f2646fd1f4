using Akka.Actor;

namespace Koalarization.Cluster;

/// <summary>
/// What a user may ask of the cluster, whatever the way in: every way in calls these. Each member ends with an answer, or with a
/// <see cref="DoorException"/>. Thread-safe.
/// </summary>
/// <param name="coordinator">The coordinator, or a proxy of it.</param>
/// <param name="store">The store's folder, full path.</param>
/// <param name="patience">How long an answer is waited for; null: 10 seconds.</param>
/// <param name="sees">Whether this node sees a path; null: it looks.</param>
internal sealed class JobsDoor(ICanTell coordinator, string store, TimeSpan? patience = null, Func<string, bool>? sees = null)
{
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(10);

    /// <summary>The folder that data sets lie in.</summary>
    public string Store => store;

    /// <summary>Begins a job, or goes on with it.</summary>
    public async Task<JobsProtocol.JobAccepted> SubmitAsync(JobsProtocol.JobSpec spec)
    {
        JobsProtocol.JobSpec fit = JobSpecRules.Fit(spec, store);
        if (!JobSpecRules.IsUrl(fit.Source) && !await Task.Run(() => (sees ?? Path.Exists)(fit.Source)))
        {
            throw new DoorException(
                DoorTrouble.Unfit, $"the control node sees no {fit.Source}; put the list where every control node has it under this path, such as below {store}.");
        }

        return await AskAsync<JobsProtocol.JobAccepted>(new JobsProtocol.SubmitJob(fit), DoorTrouble.Refused);
    }

    /// <summary>Stops the job that a user's name means.</summary>
    public async Task<JobsProtocol.JobAccepted> CancelAsync(string name)
    {
        JobsProtocol.JobStatus job = await JobAsync(name);
        return await AskAsync<JobsProtocol.JobAccepted>(new JobsProtocol.CancelJob(job.Job), DoorTrouble.Refused);
    }

    /// <summary>The job that a user's name means: its id, a beginning of it that no other has, or its data set's folder.</summary>
    public async Task<JobsProtocol.JobStatus> JobAsync(string name)
    {
        JobsProtocol.JobList list = await JobsAsync();
        if (JobNames.Find(list.Jobs, name, store) is JobsProtocol.JobStatus listed)
        {
            return listed;
        }

        // An old one, which the list may be too short for.
        return list.Further > 0 && JobId.IsId(name)
            ? await AskAsync<JobsProtocol.JobStatus>(new JobsProtocol.GetJob(new JobId(name)), DoorTrouble.Unknown)
            : throw new DoorException(DoorTrouble.Unknown, $"there is no job '{name}'; koala jobs lists them.");
    }

    /// <summary>The jobs.</summary>
    public Task<JobsProtocol.JobList> JobsAsync() => AskAsync<JobsProtocol.JobList>(new JobsProtocol.GetJobs(), DoorTrouble.Refused);

    /// <summary>The nodes.</summary>
    public Task<JobsProtocol.NodeList> NodesAsync() => AskAsync<JobsProtocol.NodeList>(new JobsProtocol.GetNodes(), DoorTrouble.Refused);

    /// <summary>Lets a node finish and leave.</summary>
    /// <param name="address">Its <c>host:port</c>.</param>
    public Task<JobsProtocol.NodeDraining> DrainAsync(string address) =>
        AskAsync<JobsProtocol.NodeDraining>(new JobsProtocol.DrainNode(address), DoorTrouble.Unknown);

    private async Task<T> AskAsync<T>(object question, DoorTrouble whenRefused)
    {
        object answer;
        try
        {
            answer = await coordinator.Ask<object>(question, _patience);
        }
        catch (AskTimeoutException)
        {
            throw new DoorException(
                DoorTrouble.Away, "the cluster's coordinator does not answer, as happens for a while when its node is lost; ask again in half a minute.");
        }

        return answer switch
        {
            T expected => expected,
            JobsProtocol.JobRefused refused => throw new DoorException(whenRefused, refused.Reason),
            _ => throw new InvalidOperationException($"{question.GetType().Name} was answered with {answer.GetType().Name}."),
        };
    }
}
