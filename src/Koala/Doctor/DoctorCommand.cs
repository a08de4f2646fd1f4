using System.CommandLine;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Doctor;

/// <summary><c>koala doctor [DIR]</c>: what this machine has, and what that means for the user.</summary>
internal sealed class DoctorCommand : KoalaCommand
{
    private readonly Argument<string> _folder = new("DIR")
    {
        Description = "A folder that data will go to: its disk is looked at too",
        DefaultValueFactory = _ => ".",
    };

    public DoctorCommand(TimeProvider time)
        : base("doctor", "Show what this machine has, and what is missing", time) => Add(_folder);

    public override IReadOnlyList<string> Examples => ["koala doctor", "koala doctor /mnt/data --json"];

    protected override Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        string folder = arguments.GetRequiredValue(_folder);
        bool unusable = false;
        foreach (CheckResult finding in MachineCheck.Of(folder, Time))
        {
            cancellation.ThrowIfCancellationRequested();
            reporter.Result(finding);
            unusable |= finding.Verdict == CheckStatus.Bad;
        }

        return Task.FromResult(unusable ? ExitCode.SomethingLeftOut : ExitCode.Done);
    }
}
