using System.CommandLine;
using Koalarization.Cluster;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Doors;

/// <summary><c>koala status [JOB] [--watch]</c>.</summary>
internal sealed class StatusCommand : ControlCommand
{
    private readonly Argument<string?> _job = new("JOB")
    {
        Description = "The job: its id, the beginning of it, or its data set's folder (default: those in work, or the newest)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _watch = new("--watch", "-w") { Description = "Look every two seconds, until the job has ended" };

    public StatusCommand(TimeProvider time)
        : base("status", "Say how far a job of a cluster is", time)
    {
        Add(_job);
        Add(_watch);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala status                       # the jobs in work",
        "koala status birds --watch         # of one, until it has ended, with rates",
        "koala status --json | jq .resolved",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, ControlClient control, IReporter reporter, CancellationToken cancellation)
    {
        IReadOnlyList<JobsProtocol.JobStatus> jobs = await MeantAsync(arguments.GetValue(_job), control, cancellation);
        if (arguments.GetValue(_watch) && jobs.Count > 0)
        {
            int[] codes = await Task.WhenAll(jobs.Select(async job =>
                JobWatch.CodeOf(await new JobWatch(control, reporter, Time).FollowAsync(job.Job.Value, cancellation))));
            return codes.Max();
        }

        foreach (JobsProtocol.JobStatus job in jobs)
        {
            var state = JobState.Of(job, before: null, TimeSpan.Zero);
            reporter.Result(arguments.GetValue(CommonOptions.Json) ? state : new JobTold(state));
        }

        if (jobs.Count == 0)
        {
            reporter.Say(new NoJobs());
        }

        return ExitCode.Done;
    }

    private static async Task<IReadOnlyList<JobsProtocol.JobStatus>> MeantAsync(string? name, ControlClient control, CancellationToken cancellation)
    {
        if (name is not null)
        {
            return [await control.JobAsync(name, cancellation)];
        }

        JobsProtocol.JobList list = await control.JobsAsync(cancellation);
        JobsProtocol.JobStatus[] inWork = [.. list.Jobs.Where(job => !JobWatch.HasEnded(job))];
        return inWork.Length > 0 ? inWork : [.. list.Jobs.Take(1)];
    }

    /// <summary>A job for a person, with all that is known.</summary>
    private sealed record JobTold(JobState State) : ReportEvent
    {
        public override string Sentence => $"{State.Sentence}\n{State.Details}";
    }
}
