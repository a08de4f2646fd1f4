using System.CommandLine;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;
using Koalarization.Imaging;
using Koalarization.Imaging.Jpeg;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Lifetime;
using Koalarization.Koala.Reporting;
using Koalarization.Records.Compression;

namespace Koalarization.Koala.LabBatch;

/// <summary><c>koala lab-batch SRC_DIR OUT_DIR [-c CHECKPOINT] [-b N] [-v]</c>.</summary>
internal sealed class LabBatchCommand : KoalaCommand
{
    private readonly PathArgument _source = new("SRC_DIR") { Description = "Folder of resized pictures, each 299x299" };
    private readonly PathArgument _output = new("OUT_DIR") { Description = "Folder for the records, lab_images_K.tfrecord" };
    private readonly NetworkOptions _network = new();
    private readonly Option<int> _batchSize = new Option<int>("--batch-size", "-b")
    {
        Description = "Pictures per record; only the last one may have fewer",
        HelpName = "N",
        DefaultValueFactory = _ => 500,
    }.Whole(1);

    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Print each picture that is written" };
    private readonly ChoiceOption<RecordCompression> _compression = new("--compression", "Compress the records: none, gzip or zlib", RecordCompression.None);

    private readonly ChoiceOption<RecordCompatibility> _compatibility = new(
        "--compat", "original: 224x224 colours, as the original code writes them", RecordCompatibility.None);

    private readonly Option<bool> _append = new("--append") { Description = "Write pictures added to SRC_DIR since the first run into new records" };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Delete the records in OUT_DIR and rebuild them" };
    private readonly Option<int> _parallel = CommonOptions.Parallel();

    public LabBatchCommand(TimeProvider time)
        : base("lab-batch", "Turn resized pictures into TFRecords with luminance, colours and Inception logits", time)
    {
        Add(_source);
        Add(_output);
        _network.AddTo(this);
        Add(_batchSize);
        Add(_compression);
        Add(_compatibility);
        Add(_append);
        Add(_overwrite);
        Add(_parallel);
        Add(_verbose);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "koala lab-batch -c data/inception_resnet_v2_2016_08_30.ckpt data/resized data/tfrecords",
        "koala lab-batch data/resized data/tfrecords --checkpoint-sha256 HEX  # the paper's weights, when the file has this SHA-256",
        "koala lab-batch data/resized data/tfrecords -c random:0 -b 100     # random weights, for trials",
        "koala lab-batch data/resized data/tfrecords --append              # pictures added later, into new records",
        "koala lab-batch data/resized data/tfrecords --compat original      # 224x224, as the original code",
    ];

    protected override int OpenFilesNeeded => OpenFiles.ForPictures;

    protected override async Task<int> RunAsync(ParseResult arguments, IReporter reporter, CancellationToken cancellation)
    {
        long start = Time.GetTimestamp();
        var folders = SourceAndOutput.Check(arguments.GetRequiredValue(_source), arguments.GetRequiredValue(_output));
        var skipped = new SkippedFiles();
        IReadOnlyList<string> pictures = PictureFolder.Names(folders.Source, skipped);
        if (pictures.Count == 0)
        {
            throw WrongFolder.WithoutPictures(folders.Source, FolderUse.ResizedPictures, skipped.Sentence);
        }

        if (skipped.Sentence is string leftOut)
        {
            reporter.Report(new Note(leftOut));
        }

        IJpegCodec codec = CodecChoice.Choose(reporter);
        if (arguments.GetValue(_overwrite) || BatchPlan.Find(new FileDataStore(folders.Output)) is null)
        {
            new ResizedCheck(codec, folders.Source).RefuseOthers(pictures);
            _network.ReportFaster(arguments, reporter);
        }

        await using Network network = await _network.ResolveAsync(arguments, reporter, Time, cancellation);
        network.StopOn(cancellation);
        var parameters = new RecordParameters
        {
            Weights = network.Weights,
            Precision = network.PrecisionKey,
            Compatibility = arguments.GetRequiredValue(_compatibility),
            Compression = arguments.GetRequiredValue(_compression),
            PicturesPerRecord = arguments.GetValue(_batchSize),
            ImageNamePrefix = folders.Source.EndsWith('/') ? folders.Source : folders.Source + "/",
            CodecFingerprint = CodecFingerprint.Compute(codec),
            PictureRule = PictureRule.Newest,
        };

        using WorkFolder work = WorkFolder.Open(folders.Output);
        bool overwrite = arguments.GetValue(_overwrite);

        // The records are deleted only after the network that rebuilds them has loaded.
        await using InferenceThreads? loaded = overwrite ? await network.StartAsync() : null;
        var records = new RecordSet(work.Store, RecordLayout.OfFolder);
        if (overwrite)
        {
            records.Clear();
            BatchPlan.Forget(work.Store);
        }

        try
        {
            BatchPlan plan = BatchPlan.Fix(work.Store, parameters, pictures);
            IReadOnlyDictionary<int, RecordManifest> finished = records.Complete();
            plan = arguments.GetValue(_append) ? plan.Append(work.Store, pictures) : plan;
            int[] open = [.. Enumerable.Range(0, plan.Records).Where(record => !finished.ContainsKey(record))];
            IReadOnlyList<RecordManifest> written = open.Length == 0
                ? []
                : await WriteAsync(codec, loaded ?? await network.StartAsync(), arguments, plan, open, records, reporter, cancellation);
            LabBatchDone done = Summarize(folders, network, plan, pictures, [.. finished.Values], written, Time.GetElapsedTime(start));
            reporter.Result(done);
            return done.LeftOut + done.NotPlanned > 0 ? ExitCode.Incomplete : ExitCode.Done;
        }
        catch (RecordConflictException conflict)
        {
            throw new UserErrorException($"in {folders.Output}: {conflict.Message} (--overwrite deletes the folder's records and rebuilds them)");
        }
    }

    private async Task<IReadOnlyList<RecordManifest>> WriteAsync(
        IJpegCodec codec, InferenceThreads inference, ParseResult arguments, BatchPlan plan, int[] open, RecordSet records, IReporter reporter,
        CancellationToken cancellation)
    {
        await using InferenceThreads threads = inference;
        long total = open.Sum(record => (long)plan.PicturesOf(record).Count());
        return await reporter.MeasureAsync("lab-batch", total, meter =>
            new LabBatchStep(codec, threads, plan, arguments.GetRequiredValue(_source), records, reporter, meter)
            {
                Parallel = arguments.GetValue(_parallel),
                Verbose = arguments.GetValue(_verbose),
            }.RunAsync(open, cancellation));
    }

    private static LabBatchDone Summarize(
        SourceAndOutput folders, Network network, BatchPlan plan, IReadOnlyList<string> pictures,
        IReadOnlyList<RecordManifest> before, IReadOnlyList<RecordManifest> written, TimeSpan took)
    {
        long now = written.Sum(manifest => (long)manifest.Pictures);
        long notPlanned = plan.NotPlanned(pictures).Count;
        return new LabBatchDone(
            folders.Output, plan.Records, plan.Pictures.Count, now,
            AlreadyThere: before.Sum(manifest => (long)manifest.Pictures),
            LeftOut: before.Concat(written).Sum(manifest => (long)manifest.LeftOut.Count),
            notPlanned, network.Weights, network.IsRandom, network.PrecisionKey, network.Device,
            took.TotalSeconds, now / took.TotalSeconds);
    }
}
