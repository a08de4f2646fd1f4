using System.Collections.Concurrent;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Koalarization.Dataset;
using Koalarization.Imaging;
using Koalarization.Inception;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;
using Koalarization.Koala.Streams;
using Koalarization.Records;

namespace Koalarization.Koala.LabBatch;

/// <summary>
/// Names in, records out: read and decode, embed in batches, compose, write. Everything keeps the plan's order, and every stage waits for the
/// next, so memory does not grow with the number of pictures or the size of a record.
/// </summary>
internal sealed class LabBatchStep(
    IJpegCodec codec, InferenceThread inference, RecordComposer composer, RecordCompression compression, int parallel)
{
    // One batch is being run, one is ready, one is being made.
    private const int BatchesReady = 1;

    private readonly ConcurrentBag<LabExampleBuffer> _buffers = [];

    /// <summary>Whether every picture is named when it is written.</summary>
    public bool Verbose { get; init; }

    /// <summary>Writes the given records of a plan and returns their manifests.</summary>
    public async Task<IReadOnlyList<RecordManifest>> RunAsync(
        string source, BatchPlan plan, IReadOnlyList<int> records, RecordSet set, IReporter reporter, ProgressMeter meter, CancellationToken cancellation)
    {
        List<RecordManifest> manifests = [];
        using var sequence = new RecordSequence(set, compression, plan.Parameters.Key());
        await using var streams = new StreamHost();

        await Source.From(records.SelectMany(record => plan.PicturesOf(record).Select(name => new PlannedPicture(record, name))))
            .Via(cancellation.AsFlow<PlannedPicture>(cancelGracefully: false))
            .SelectAsync(parallel, planned => Task.Run(() => Read(source, planned)))
            .Concat(Source.Single(ReadPicture.End))
            .StatefulSelectMany<ReadPicture, PictureBatch, NotUsed>(() => new BatchAssembler(inference.BatchSize).Add)
            .Buffer(BatchesReady, OverflowStrategy.Backpressure)
            .SelectAsync(1, EmbedAsync)
            .SelectMany(batch => batch.Pictures.Select(picture => (picture, batch.LogitsOf(picture))))
            .SelectAsync(parallel, item => Task.Run(() => Compose(item.picture, item.Item2, plan.Parameters.ImageNamePrefix)))
            .RunForeach(composed => Write(composed, sequence, manifests, reporter, meter), streams.Materializer);

        if (sequence.Complete() is RecordManifest last)
        {
            Announce(last, manifests, reporter);
        }

        return manifests;
    }

    private static void Announce(RecordManifest manifest, List<RecordManifest> manifests, IReporter reporter)
    {
        manifests.Add(manifest);
        reporter.Say(new RecordWritten(new RecordName(manifest.Record).ToString(), manifest.Pictures, manifest.Bytes, manifest.Sha256));
    }

    private ReadPicture Read(string source, PlannedPicture planned)
    {
        using FileBytes jpeg = ReadFile(Path.Combine(source, planned.Name));
        return PreparedPicture.TryPrepare(codec, jpeg.Span, out PreparedPicture? prepared, out string? reason, out string? detail)
            ? new ReadPicture(planned, prepared, LeftOut: null)
            : new ReadPicture(planned, Prepared: null, new LeftOutPicture(planned.Name, reason, detail));
    }

    // A file that is missing is no bad picture: its record would be published without it for good.
    private static FileBytes ReadFile(string path)
    {
        try
        {
            return FileBytes.Read(path);
        }
        catch (FileNotFoundException)
        {
            throw new UserErrorException(
                $"{path} is in the list of pictures but cannot be found; put it back (or rename it, if its name is no UTF-8), " +
                "or use --overwrite to begin anew with the pictures that are there.");
        }
    }

    private async Task<EmbeddedBatch> EmbedAsync(PictureBatch batch)
    {
        float[] logits = batch.Names.Count == 0 ? [] : await inference.EmbedAsync(batch.Names, batch.Gray);
        return new EmbeddedBatch(batch.Pictures, logits);
    }

    private ComposedPicture Compose(ReadPicture read, ReadOnlyMemory<float> logits, string prefix)
    {
        if (read.Prepared is not PreparedPicture prepared)
        {
            return new ComposedPicture(read, Example: null, Colours: null);
        }

        if (!_buffers.TryTake(out LabExampleBuffer? example))
        {
            example = composer.NewBuffer(InceptionResNetV2Shape.Logits);
        }

        using (prepared)
        {
            PictureColours colours = composer.Compose(prefix + read.Planned.Name, prepared, logits.Span, example);
            return new ComposedPicture(read, example, colours);
        }
    }

    private void Write(
        ComposedPicture composed, RecordSequence sequence, List<RecordManifest> manifests, IReporter reporter, ProgressMeter meter)
    {
        int record = composed.Read.Planned.Record;
        RecordManifest? ended;
        if (composed is { Example: LabExampleBuffer example, Colours: PictureColours colours })
        {
            ended = sequence.Append(record, example.Record.Span, colours);
            _buffers.Add(example);
            if (Verbose)
            {
                reporter.Say(new PictureWritten(composed.Read.Planned.Name, new RecordName(record).ToString()));
            }
        }
        else
        {
            LeftOutPicture picture = composed.Read.LeftOut!;
            ended = sequence.LeaveOut(record, picture);
            reporter.Say(new LeftOut("lab-batch", picture.Name, picture.Reason, picture.Detail));
        }

        meter.Advance();
        if (ended is not null)
        {
            Announce(ended, manifests, reporter);
        }
    }

    private sealed record ComposedPicture(ReadPicture Read, LabExampleBuffer? Example, PictureColours? Colours);

    private sealed record EmbeddedBatch(IReadOnlyList<ReadPicture> Pictures, float[] Logits)
    {
        public ReadOnlyMemory<float> LogitsOf(ReadPicture picture) =>
            picture.Prepared is null
                ? default
                : Logits.AsMemory(picture.Slot * InceptionResNetV2Shape.Logits, InceptionResNetV2Shape.Logits);
    }
}
