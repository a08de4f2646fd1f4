using System.CommandLine;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Doctor;

/// <summary><c>koala doctor [DIR]</c>: checks this machine.</summary>
internal sealed class DoctorCommand : KoalaCommand
{
    private readonly Argument<string> _folder = new("DIR")
    {
        Description = "Folder for data sets; its disk is checked",
        DefaultValueFactory = _ => ".",
    };

    public DoctorCommand(TimeProvider time)
        : base("doctor", "Check this machine: JPEG library, network, devices and disk", time) => Add(_folder);

    public override IReadOnlyList<string> Examples => ["koala doctor", "koala doctor /mnt/data --json"];

    protected override Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        string folder = arguments.GetRequiredValue(_folder);
        bool failed = false;
        foreach (CheckResult result in MachineCheck.Of(folder, Time))
        {
            cancellation.ThrowIfCancellationRequested();
            reporter.Result(result);
            failed |= result.Status == CheckStatus.Error;
        }

        return Task.FromResult(failed ? ExitCode.Incomplete : ExitCode.Done);
    }
}
