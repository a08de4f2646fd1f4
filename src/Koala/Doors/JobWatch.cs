using Koalarization.Cluster;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Doors;

/// <summary>Looks at a job again and again until it has ended, and tells what changed.</summary>
internal sealed class JobWatch(ControlClient control, IReporter reporter, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // A coordinator is away for a while when its node is lost; a cluster that starts anew takes longer.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Follows a job to its end.</summary>
    /// <exception cref="NoControlException">None answers any more.</exception>
    public async Task<JobState> FollowAsync(string job, CancellationToken cancellation)
    {
        JobsProtocol.JobStatus? before = null;
        JobState? told = null;
        long looked = time.GetTimestamp(), answered = looked;
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                JobsProtocol.JobStatus now = await control.JobAsync(job, cancellation);
                var state = JobState.Of(now, before, time.GetElapsedTime(looked));
                (before, looked, answered) = (now, time.GetTimestamp(), time.GetTimestamp());
                if (state.Sentence != told?.Sentence)
                {
                    reporter.Result(state);
                    told = state;
                }

                if (HasEnded(now))
                {
                    return state;
                }
            }
            catch (NoControlException away) when (before is not null && time.GetElapsedTime(answered) < Patience)
            {
                reporter.Say(new Note(away.Message));
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
        throw new OperationCanceledException(cancellation);
    }

    /// <summary>What a followed job's end means for the shell.</summary>
    public static int CodeOf(JobState job) => job.Phase switch
    {
        JobsProtocol.JobPhase.Failed => ExitCode.Failed,
        JobsProtocol.JobPhase.Done when job.Survivors == job.Links && (job.RecordsReady == 0 || job.Pictures == job.Survivors) => ExitCode.Done,
        _ => ExitCode.SomethingLeftOut,
    };

    /// <summary>Whether a job works no more.</summary>
    public static bool HasEnded(JobsProtocol.JobStatus job) => job.Phase is not (JobsProtocol.JobPhase.Opening or JobsProtocol.JobPhase.Working);
}
