using System.Collections.Concurrent;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Koalarization.Dataset;
using Koalarization.Imaging;
using Koalarization.Inception;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Streams;
using Koalarization.Records;

namespace Koalarization.Koala.LabBatch;

/// <summary>
/// Pictures in, Examples out: read and decode, embed in batches, compose. Everything keeps the order in which pictures come, and every stage waits
/// for the next, so memory does not grow with the number of pictures or the size of a record.
/// </summary>
internal sealed class RecordFlow(IJpegCodec codec, InferenceThread inference, RecordComposer composer, int parallel)
{
    // One batch is being run, one is ready, one is being made.
    private const int BatchesReady = 1;

    private readonly ConcurrentBag<LabExampleBuffer> _buffers = [];

    /// <summary>Runs until the pictures end.</summary>
    /// <param name="pictures">
    /// In record order. <see cref="RecordPicture.Pause"/> among them says that the next may be long in coming, so that what waits for a full batch goes on.
    /// </param>
    /// <param name="sink">Is told of each, in the same order, by one thread at a time.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task RunAsync(Func<IAsyncEnumerable<RecordPicture>> pictures, RecordSink sink, CancellationToken cancellation)
    {
        await using var streams = new StreamHost();
        await Source.From(pictures)
            .Via(cancellation.AsFlow<RecordPicture>(cancelGracefully: false))
            .SelectAsync(parallel, picture => Task.Run(() => Read(picture)))
            .Concat(Source.Single(new ReadPicture(RecordPicture.Pause, Prepared: null, LeftOut: null)))
            .StatefulSelectMany<ReadPicture, PictureBatch, NotUsed>(() => new BatchAssembler(inference.BatchSize).Add)
            .Buffer(BatchesReady, OverflowStrategy.Backpressure)
            .SelectAsync(1, EmbedAsync)
            .SelectMany(batch => batch.Pictures.Select(picture => (picture, batch.LogitsOf(picture))))
            .SelectAsync(parallel, item => Task.Run(() => Compose(item.picture, item.Item2)))
            .RunForeach(composed => Write(composed, sink), streams.Materializer);
    }

    private ReadPicture Read(RecordPicture picture)
    {
        if (picture.IsPause)
        {
            return new ReadPicture(picture, Prepared: null, LeftOut: null);
        }

        using FileBytes jpeg = ReadFile(picture);
        return PreparedPicture.TryPrepare(codec, jpeg.Span, out PreparedPicture? prepared, out string? reason, out string? detail)
            ? new ReadPicture(picture, prepared, LeftOut: null)
            : new ReadPicture(picture, Prepared: null, new LeftOutPicture(picture.Name, reason, detail));
    }

    // A file that is missing or changed is no bad picture: its record would be published without it for good.
    private static FileBytes ReadFile(RecordPicture picture)
    {
        FileBytes bytes;
        try
        {
            bytes = FileBytes.Read(picture.Path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException(picture.HowToMend($"{picture.Path} is in the list of pictures but cannot be found"));
        }

        if (picture.Sha256 is string sha256 && !bytes.Have(sha256))
        {
            bytes.Dispose();
            throw new UserErrorException(picture.HowToMend($"{picture.Path} is not as it was written"));
        }

        return bytes;
    }

    private async Task<EmbeddedBatch> EmbedAsync(PictureBatch batch)
    {
        float[] logits = batch.Names.Count == 0 ? [] : await inference.EmbedAsync(batch.Names, batch.Gray);
        return new EmbeddedBatch(batch.Pictures, logits);
    }

    private ComposedPicture Compose(ReadPicture read, ReadOnlyMemory<float> logits)
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
            PictureColours colours = composer.Compose(read.Picture.ImageName, prepared, logits.Span, example);
            return new ComposedPicture(read, example, colours);
        }
    }

    private void Write(ComposedPicture composed, RecordSink sink)
    {
        if (composed.Example is LabExampleBuffer example)
        {
            sink.Append(composed.Read.Picture, example.Record.Span, composed.Colours!);
            _buffers.Add(example);
        }
        else
        {
            sink.LeaveOut(composed.Read.Picture, composed.Read.LeftOut!);
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
