using System.CommandLine;
using System.Globalization;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Splitting;
using Koalarization.Dataset.Storage;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Split;

/// <summary><c>koala split TFRECORDS --val 0,7 | --val-fraction F | --none</c>.</summary>
internal sealed class SplitCommand : KoalaCommand
{
    private readonly PathArgument _folder = new("TFRECORDS") { Description = "Data set, or folder of lab_images_K.tfrecord" };
    private readonly Option<string?> _named = new("--val") { Description = "Use exactly these records for validation, all others for training", HelpName = "K,K,..." };
    private readonly Option<double?> _fraction = new Option<double?>("--val-fraction")
    {
        Description = "Use about this fraction for validation, chosen by record number; existing validation records stay",
        HelpName = "F",
    }.Number(share => share is > 0 and < 1, "a fraction above 0 and below 1, such as 0.1");

    private readonly Option<bool> _none = new("--none") { Description = "Use all records for training" };

    public SplitCommand(TimeProvider time)
        : base("split", "Rename records to val_lab_images_K.tfrecord for validation, and back", time)
    {
        Add(_folder);
        Add(_named);
        Add(_fraction);
        Add(_none);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala split data --val-fraction 0.1",
        "koala split data/tfrecords --val 0,7",
        "koala split data/tfrecords --none",
    ];

    protected override Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        SplitChoice choice = Choice(arguments);
        string folder = arguments.GetRequiredValue(_folder);
        if (!Directory.Exists(folder))
        {
            throw new UserErrorException($"{folder} does not exist.");
        }

        RecordHome home = RecordHome.Of(folder);
        if (!Directory.Exists(home.Records) || !Directory.EnumerateFiles(home.Records, "*.tfrecord").Any())
        {
            throw new UserErrorException($"no lab_images_K.tfrecord in {home.Records}: {WrongFolder.Hint(folder, FolderUse.Records)}.");
        }

        using WorkFolder work = WorkFolder.Open(home.Root);
        if (home.OpenRound() is int round)
        {
            throw new UserErrorException($"{home.Root} is not finished (round {round} is open); finish it with koala run first.");
        }

        var moves = new List<RecordMove>();
        IReadOnlyDictionary<int, bool> split = new RecordSplit(work.Store, home.Layout).Apply(
            choice,
            move =>
            {
                moves.Add(move);
                reporter.Report(new RecordMoved(move.Record, new RecordName(move.Record, move.IsValidation).ToString(), move.IsValidation, move.Healed));
            },
            cancellation);
        int[] validation = [.. split.Where(record => record.Value).Select(record => record.Key)];
        reporter.Result(new SplitDone(home.Records, split.Count, split.Count - validation.Length, validation, moves.Count));
        return Task.FromResult(ExitCode.Done);
    }

    private SplitChoice Choice(ParseResult arguments)
    {
        string? named = arguments.GetValue(_named);
        double? fraction = arguments.GetValue(_fraction);
        bool none = arguments.GetValue(_none);
        if ((named is null ? 0 : 1) + (fraction is null ? 0 : 1) + (none ? 1 : 0) != 1)
        {
            throw new UserErrorException("split requires exactly one of --val, --val-fraction and --none.", ExitCode.UsageError);
        }

        if (fraction is double share)
        {
            return new DrawnRecords(share);
        }

        return none ? SplitChoice.None : new NamedRecords([.. named!.Split(',').Select(NumberOf).Distinct()]);
    }

    private static int NumberOf(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new UserErrorException($"--val must be comma-separated record numbers, such as 0,7; '{text}' is not one.", ExitCode.UsageError);
}
