using Koalarization.Cluster.Coordination;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Download;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Control;

/// <summary>Polls a job until it ends, and reports each change.</summary>
internal sealed class JobWatch(IControl control, IReporter reporter, TimeProvider time, bool isOneOfSeveral = false)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // A new coordinator takes over within a minute when its node is lost; a cluster that restarts takes longer.
    private static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(3);

    /// <summary>Follows a job to its end.</summary>
    /// <exception cref="NoControlException">No control node has answered for a while.</exception>
    public Task<JobState> FollowAsync(string job, CancellationToken cancellation)
    {
        var meter = new JobMeter(time) { IsNamed = isOneOfSeveral || reporter.IsForPrograms, ShowsBound = true };
        return reporter.MeasureAsync(meter, () => FollowAsync(job, meter, cancellation));
    }

    private async Task<JobState> FollowAsync(string job, JobMeter meter, CancellationToken cancellation)
    {
        JobsProtocol.JobStatus? before = null;
        JobState? reported = null;
        long polled = time.GetTimestamp(), answered = polled;
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                JobsProtocol.JobStatus now = await control.JobAsync(job, cancellation);
                var state = JobState.Of(now, before, time.GetElapsedTime(polled));
                (before, polled, answered) = (now, time.GetTimestamp(), time.GetTimestamp());
                meter.Set(now);
                if (IsNews(state, reported))
                {
                    reporter.Result(state);
                    reported = state;
                }

                if (HasEnded(now))
                {
                    if (now.Phase == JobsProtocol.JobPhase.Done && RefusedAddresses.HintFor(now.Outcomes, "submit the job again with") is string hint)
                    {
                        reporter.Report(new Note(hint));
                    }

                    return state;
                }
            }
            catch (NoControlException unavailable) when (before is not null && time.GetElapsedTime(answered) < MaxSilence)
            {
                reporter.Report(new Note(unavailable.Message));
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
        throw new OperationCanceledException(cancellation);
    }

    // A person sees the progress, and is told what changes beside it.
    private bool IsNews(JobState state, JobState? reported) => reporter.IsForPrograms
        ? state.Sentence != reported?.Sentence
        : state.Phase != reported?.Phase || state.Note != reported?.Note;

    /// <summary>The exit code for a job's end.</summary>
    public static int CodeOf(JobState job, FailureLimit maxFailures) => job.Phase switch
    {
        JobsProtocol.JobPhase.Failed => ExitCode.Failed,
        JobsProtocol.JobPhase.Done when job.RecordsReady == 0 || job.Pictures == job.Survivors => maxFailures.CodeOf(job.Links - job.Survivors, job.Links),
        _ => ExitCode.Incomplete,
    };

    /// <summary>Whether a job has ended.</summary>
    public static bool HasEnded(JobsProtocol.JobStatus job) => job.Phase is not (JobsProtocol.JobPhase.Opening or JobsProtocol.JobPhase.Working);
}
