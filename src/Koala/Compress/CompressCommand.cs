using System.CommandLine;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Compress;

/// <summary><c>koala compress FILE... --to none|gzip|zlib|zstd [--out DIR]</c>.</summary>
internal sealed class CompressCommand : KoalaCommand
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "TFRecord files, compressed or not, or folders of them",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly ChoiceOption<Packing> _to = new("--to", "Target format: tf.data reads gzip and zlib, zstd is for archives, none decompresses", defaultValue: null);
    private readonly Option<string?> _output = new("--out") { Description = "Folder for the copies (default: beside each file)", HelpName = "DIR" };
    private readonly Option<int?> _level = new Option<int?>("--level")
    {
        Description = "Compression level: 1 to 9 for gzip and zlib (default 6), 1 to 22 for zstd (default 9)",
        HelpName = "N",
    }.Whole(1, 22);

    private readonly Option<bool> _compare = new("--compare-7z") { Description = "Also report the size that 7z -mx=9 gives; slow" };
    private readonly Option<int> _parallel = CommonOptions.Parallel("Files to process at once");

    public CompressCommand(TimeProvider time)
        : base(
            "compress",
            "Write compressed copies of TFRecords, under names that *.tfrecord does not match",
            time)
    {
        Add(_files);
        Add(_to);
        Add(_output);
        Add(_level);
        Add(_compare);
        Add(_parallel);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala compress data/tfrecords --to gzip",
        "koala compress data/tfrecords/lab_images_0.tfrecord --to zstd --out archive --level 19",
        "koala compress archive/lab_images_0.tfrecord.zst --to none --out restored",
    ];

    protected override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        Packing packing = _to.Choice(arguments);
        int level = LevelOf(packing, arguments.GetValue(_level));
        SevenZip? sevenZip = arguments.GetValue(_compare) ? SevenZip.Find() : null;
        IReadOnlyList<PackedCopy> copies = PackedCopy.Plan(
            [.. RecordPaths.Of(arguments.GetRequiredValue(_files)).SelectMany(paths => paths.Files)], packing, arguments.GetValue(_output));
        using var step = new CompressStep(packing, level, sevenZip, Time);
        CompressDone done = await step.RunAsync(copies, arguments.GetValue(_parallel), reporter, cancellation);
        reporter.Result(done);
        return done.LeftOut == 0 ? ExitCode.Done : done.LeftOut == done.Files ? ExitCode.Failed : ExitCode.Incomplete;
    }

    private static int LevelOf(Packing packing, int? given)
    {
        (int max, int defaultLevel) = packing switch { Packing.Zstd => (22, 9), Packing.None => (0, 0), _ => (9, 6) };
        return given is not int level ? defaultLevel
            : packing == Packing.None ? throw new UserErrorException("--level does not apply to --to none.", ExitCode.UsageError)
            : level >= 1 && level <= max ? level
            : throw new UserErrorException($"--level must be 1 to {max} for {ChoiceOption<Packing>.NameOf(packing)}, not {level}.", ExitCode.UsageError);
    }
}
