using System.CommandLine;
using Koalarization.Cluster.Coordination;
using Koalarization.Dataset.Wording;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Control;

/// <summary><c>koala jobs</c>.</summary>
internal sealed class JobsCommand(TimeProvider time) : ControlCommand("jobs", "List jobs, newest first", time)
{
    public override IReadOnlyList<string> Examples => ["koala jobs", "koala jobs --control http://127.0.0.1:8661 --json"];

    protected override async Task<int> RunAsync(ParseResult arguments, IControl control, IReporter reporter, CancellationToken cancellation)
    {
        JobsProtocol.JobList list = await control.JobsAsync(cancellation);
        foreach (JobsProtocol.JobStatus job in list.Jobs)
        {
            reporter.Result(JobState.Of(job, before: null, TimeSpan.Zero));
        }

        if (list.Jobs.Count == 0)
        {
            reporter.Report(new NoJobs());
        }
        else if (list.Further > 0)
        {
            reporter.Report(new Note($"{list.Further:N0} older {Amount.Noun(list.Further, "job")} not listed; show one with koala status JOB."));
        }

        return ExitCode.Done;
    }
}
