using System.CommandLine;
using Koalarization.Dataset.Records;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Download;
using Koalarization.Koala.LabBatch;
using Koalarization.Koala.Lifetime;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Repair;

/// <summary><c>koala repair DATA [--dry-run] [--no-fetch]</c>.</summary>
internal sealed class RepairCommand : KoalaCommand
{
    private readonly KoalaServices _services;
    private readonly PathArgument _folder = new("DATA") { Description = "Data set, or folder of records" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Print what would be restored, and change nothing" };
    private readonly Option<bool> _noFetch = new("--no-fetch") { Description = "Do not fetch originals from their links" };
    private readonly NetworkOptions _network = new();
    private readonly FetchLimits _limits = new();

    public RepairCommand(TimeProvider time, KoalaServices services)
        : base("repair", "Restore what is damaged or missing in a data set, to the byte, or name it as lost", time)
    {
        _services = services;
        Add(_folder);
        Add(_dryRun);
        Add(_noFetch);
        _network.AddTo(this);
        _limits.AddTo(this);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala repair data --dry-run                                # what would be restored, and from what",
        "koala repair data",
        "koala repair data --no-fetch                               # only from what is there",
        "koala repair data --device cuda                            # where records were made on a GPU",
    ];

    protected override int OpenFilesNeeded => OpenFiles.ForCluster;

    protected override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        string folder = arguments.GetRequiredValue(_folder);
        RecordHome home = SetFolder.HomeOf(folder);
        var step = new RepairStep(home, _network, _limits, arguments, _services, Time)
        {
            IsDryRun = arguments.GetValue(_dryRun),
            Fetches = !arguments.GetValue(_noFetch),
        };
        RepairDone done = await step.RunAsync(folder, reporter, cancellation);
        reporter.Result(done);
        return done.Lost + done.LeftAlone == 0 ? ExitCode.Done : ExitCode.Incomplete;
    }
}
