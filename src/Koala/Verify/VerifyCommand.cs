using System.CommandLine;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Repairing;
using Koalarization.Dataset.Verifying;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Verify;

/// <summary><c>koala verify DATA [--quick]</c>.</summary>
internal sealed class VerifyCommand : KoalaCommand
{
    private readonly PathArgument _folder = new("DATA") { Description = "Data set, or folder of records" };
    private readonly Option<bool> _quick = new("--quick") { Description = "Check names and sizes only" };
    private readonly Option<int> _parallel = CommonOptions.Parallel("Files to check at once");

    public VerifyCommand(TimeProvider time)
        : base("verify", "Check a data set and report every problem; nothing is changed", time)
    {
        Add(_folder);
        Add(_quick);
        Add(_parallel);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala verify data",
        "koala verify data --quick",
        "koala verify data/tfrecords --json | jq 'select(.event == \"problem\")'",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        long start = Time.GetTimestamp();
        string folder = arguments.GetRequiredValue(_folder);
        RecordHome home = SetFolder.HomeOf(folder);
        bool quick = arguments.GetValue(_quick);
        var verification = new RecordVerification(home, quick, arguments.GetValue(_parallel));
        long items = verification.EstimateItems();
        int restorable = 0;
        VerifyTotals totals = await reporter.MeasureAsync("verify", items > 0 ? items : null, meter => Task.Run(
            () => verification.Run(
                finding =>
                {
                    Interlocked.Add(ref restorable, DamageMap.CanBeRestored(finding) ? 1 : 0);
                    Report(finding, reporter);
                },
                meter.Advance, cancellation), cancellation));
        reporter.Result(new VerifyDone(
            folder, quick, totals.Records, totals.Pictures, totals.Originals, totals.Resized, totals.Problems, totals.Notes, Time.GetElapsedTime(start).TotalSeconds)
        {
            Repair = restorable > 0 ? $"koala repair {folder}" : null,
        });
        return totals.Problems == 0 ? ExitCode.Done : ExitCode.Incomplete;
    }

    private static void Report(Finding finding, IReporter reporter)
    {
        if (finding.IsNote)
        {
            reporter.Report(new VerifyNote(finding.Kind, finding.Name, finding.Detail));
        }
        else
        {
            reporter.Result(new Problem(finding.Kind, finding.Name, finding.Detail));
        }
    }
}
