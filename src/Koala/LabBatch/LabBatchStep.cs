using System.Collections.Concurrent;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Imaging.Jpeg;
using Koalarization.Inception;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;
using Koalarization.Koala.Streams;
using Koalarization.Pipeline.Records;
using Koalarization.Records.Compression;

namespace Koalarization.Koala.LabBatch;

/// <summary>
/// Writes the records of a folder's plan: read and decode, embed in batches, build Examples, write. The plan's order is kept, and stages have backpressure, so
/// memory does not grow with the number of pictures or the size of a record.
/// </summary>
internal sealed class LabBatchStep(
    IJpegCodec codec, InferenceThreads inference, BatchPlan plan, string source, RecordSet set, IReporter reporter, ProgressMeter meter)
{
    // Beside those that run, one is ready and one is being filled.
    private const int BatchesReady = 1;

    private readonly ExampleBuilder _builder = new(
        Enum.Parse<RecordCompatibility>(plan.Parameters.Compatibility, ignoreCase: true), plan.Parameters.ImageNamePrefix);

    private readonly RecordCompression _compression = Enum.Parse<RecordCompression>(plan.Parameters.Compression, ignoreCase: true);
    private readonly List<RecordManifest> _written = [];
    private readonly ConcurrentDictionary<int, RecordAssembler> _open = new();

    /// <summary>Pictures decoded, and Examples built, at once.</summary>
    public required int Parallel { get; init; }

    /// <summary>Whether each written picture is reported.</summary>
    public bool Verbose { get; init; }

    /// <summary>Writes the given records of the plan and returns their manifests.</summary>
    public async Task<IReadOnlyList<RecordManifest>> RunAsync(IReadOnlyList<int> records, CancellationToken cancellation)
    {
        try
        {
            await using var streams = new StreamHost();
            await Source.From(PicturesOf(records))
                .Via(cancellation.AsFlow<PlannedPicture>(cancelGracefully: false))
                .SelectAsync(Parallel, picture => Task.Run(() => Read(picture)))
                .Concat(Source.Single(ReadPicture.End))
                .StatefulSelectMany<ReadPicture, InferenceBatch, NotUsed>(() => new InferenceBatches(inference.BatchSize).Add)
                .Buffer(BatchesReady, OverflowStrategy.Backpressure)
                .SelectAsync(inference.Count, EmbedAsync)
                .SelectMany(batch => batch)
                .SelectAsync(Parallel, embedded => Task.Run(() => Build(embedded)))
                .SelectAsync(1, built => Task.Run(() => Add(built)))
                .SelectMany(complete => complete)
                .SelectAsync(1, record => Task.Run(() => Commit(record)))
                .RunForeach(_written.Add, streams.Materializer);
            return _written;
        }
        finally
        {
            foreach (RecordAssembler record in _open.Values)
            {
                record.Dispose();
            }
        }
    }

    private IEnumerable<PlannedPicture> PicturesOf(IReadOnlyList<int> records)
    {
        foreach (int record in records)
        {
            string[] names = [.. plan.PicturesOf(record)];
            for (int i = 0; i < names.Length; i++)
            {
                yield return new PlannedPicture(record, i == names.Length - 1, names[i]);
            }
        }
    }

    // A missing file is not a bad picture: its record would be published without it for good.
    private ReadPicture Read(PlannedPicture picture)
    {
        string path = PictureFolder.PathOf(source, picture.Name);
        try
        {
            PreparedPicture.TryRead(codec, path, sha256: null, out PreparedPicture? prepared, out LeftOutPicture? leftOut, plan.Parameters.Rule);
            return new ReadPicture(picture, prepared, leftOut);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException(
                $"{path} is in the list of pictures but missing; restore it (or rename it, if its name is not UTF-8), or use --overwrite to start over without it.");
        }
    }

    private async Task<IEnumerable<EmbeddedPicture>> EmbedAsync(InferenceBatch batch)
    {
        float[] logits = batch.Names.Count == 0 ? [] : await inference.EmbedAsync(batch.Names, batch.Gray);
        return batch.Pictures.Select(picture => new EmbeddedPicture(
            picture,
            picture.Prepared is null ? default : logits.AsMemory(picture.Slot * InceptionResNetV2Shape.Logits, InceptionResNetV2Shape.Logits)));
    }

    private (PlannedPicture Picture, RecordEntry Entry) Build(EmbeddedPicture embedded)
    {
        (PlannedPicture picture, PreparedPicture? prepared, LeftOutPicture? leftOut) = embedded.Read;
        using (prepared)
        {
            return (picture, prepared is null ? RecordEntry.Without(leftOut!) : _builder.Build(picture.Name, prepared, embedded.Logits.Span));
        }
    }

    // A record goes on with its last picture: while it is made durable the next one is written.
    private RecordAssembler[] Add((PlannedPicture Picture, RecordEntry Entry) built)
    {
        (PlannedPicture picture, RecordEntry entry) = built;
        RecordAssembler record = _open.GetOrAdd(picture.Record, number => set.NewRecord(number, _compression));
        entry.AddTo(record);
        if (entry.LeftOut is LeftOutPicture leftOut)
        {
            reporter.Report(new LeftOut("lab-batch", leftOut.Name, leftOut.Reason, leftOut.Detail));
        }
        else if (Verbose)
        {
            reporter.Report(new PictureWritten(picture.Name, new RecordName(picture.Record).ToString()));
        }

        meter.Advance();
        return picture.IsLast ? [record] : [];
    }

    private RecordManifest Commit(RecordAssembler record)
    {
        RecordManifest manifest = record.Commit(plan.Parameters.Key());
        _open.TryRemove(manifest.Record, out _);
        record.Dispose();
        reporter.Report(new RecordWritten(new RecordName(manifest.Record).ToString(), manifest.Pictures, manifest.Bytes, manifest.Sha256));
        return manifest;
    }

    private sealed record EmbeddedPicture(ReadPicture Read, ReadOnlyMemory<float> Logits);
}
