using System.CommandLine;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Control;

/// <summary><c>koala cancel JOB</c>.</summary>
internal sealed class CancelCommand : ControlCommand
{
    private readonly Argument<string> _job = new("JOB") { Description = "The job: its id, a unique prefix of it, or its data set's folder" };

    public CancelCommand(TimeProvider time)
        : base("cancel", "Cancel a job; its results are kept, and submitting it again resumes it", time) => Add(_job);

    public override IReadOnlyList<string> Examples => ["koala cancel birds"];

    protected override async Task<int> RunAsync(ParseResult arguments, IControl control, IReporter reporter, CancellationToken cancellation)
    {
        reporter.Result(new JobCancelled(await control.CancelAsync(arguments.GetRequiredValue(_job), cancellation)));
        return ExitCode.Done;
    }
}
