using System.CommandLine;
using Koalarization.Cluster.Coordination;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Control;

/// <summary><c>koala status [JOB] [--watch]</c>.</summary>
internal sealed class StatusCommand : ControlCommand
{
    private readonly Argument<string?> _job = new("JOB")
    {
        Description = "The job: its id, a unique prefix of it, or its data set's folder (default: running jobs, or the newest job)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<FailureLimit> _maxFailures = FailureLimit.NewOption();
    private readonly Option<bool> _watch = new("--watch", "-w") { Description = "Refresh every two seconds until the job ends" };

    public StatusCommand(TimeProvider time)
        : base("status", "Show a job's progress", time)
    {
        Add(_job);
        Add(_watch);
        Add(_maxFailures);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala status                       # running jobs",
        "koala status birds --watch         # follow one job to its end, with rates",
        "koala status --json | jq .resolved",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, IControl control, IReporter reporter, CancellationToken cancellation)
    {
        IReadOnlyList<JobsProtocol.JobStatus> jobs = await FindAsync(arguments.GetValue(_job), control, cancellation);
        if (arguments.GetValue(_watch) && jobs.Count > 0)
        {
            int[] codes = await Task.WhenAll(jobs.Select(async job =>
                JobWatch.CodeOf(await new JobWatch(control, reporter, Time, isOneOfSeveral: jobs.Count > 1).FollowAsync(job.Job.Value, cancellation), arguments.GetRequiredValue(_maxFailures))));
            return codes.Max();
        }

        foreach (JobsProtocol.JobStatus job in jobs)
        {
            var state = JobState.Of(job, before: null, TimeSpan.Zero);
            reporter.Result(arguments.GetValue(CommonOptions.Json) ? state : new JobDetails(state));
        }

        if (jobs.Count == 0)
        {
            reporter.Report(new NoJobs());
        }

        return ExitCode.Done;
    }

    private static async Task<IReadOnlyList<JobsProtocol.JobStatus>> FindAsync(string? name, IControl control, CancellationToken cancellation)
    {
        if (name is not null)
        {
            return [await control.JobAsync(name, cancellation)];
        }

        JobsProtocol.JobList list = await control.JobsAsync(cancellation);
        JobsProtocol.JobStatus[] running = [.. list.Jobs.Where(job => !JobWatch.HasEnded(job))];
        return running.Length > 0 ? running : [.. list.Jobs.Take(1)];
    }

    /// <summary>A job with its details, for the text form.</summary>
    private sealed record JobDetails(JobState State) : ReportEvent
    {
        public override string Sentence => $"{State.Sentence}\n{State.Details}";
    }
}
