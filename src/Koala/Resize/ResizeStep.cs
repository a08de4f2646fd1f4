using System.Buffers;
using System.Collections.Concurrent;
using Akka.Streams;
using Akka.Streams.Dsl;
using Koalarization.Dataset;
using Koalarization.Imaging;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;
using Koalarization.Koala.Streams;

namespace Koalarization.Koala.Resize;

/// <summary>Fits every picture of a folder to one size. A picture that the output folder has already is not made again.</summary>
internal sealed class ResizeStep(PictureResizer resizer, SourceAndOutput folders, int parallel, TimeProvider time)
{
    // One for each picture in work, used again and again.
    private readonly ConcurrentBag<ArrayBufferWriter<byte>> _outputs = [];

    private enum Outcome
    {
        Resized,
        AlreadyThere,
        LeftOut,
    }

    public async Task<ResizeDone> RunAsync(IReporter reporter, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        IReadOnlyList<string> names = PictureFolder.Names(folders.Source);
        using WorkFolder output = WorkFolder.Open(folders.Output);
        string size = $"{resizer.Target.Width}x{resizer.Target.Height}", earlier = output.FixState("size", size);
        if (!string.Equals(size, earlier, StringComparison.Ordinal))
        {
            throw new UserErrorException($"{folders.Output} was begun with pictures of {earlier}, not {size}; use another folder, or -s {earlier.Replace('x', ',')}.");
        }

        await using var streams = new StreamHost();

        long[] counts = await reporter.MeasureAsync("resize", names.Count, meter =>
            Source.From(names)
                .Via(cancellation.AsFlow<string>(cancelGracefully: false))
                .SelectAsyncUnordered(parallel, name => Task.Run(() => ResizeOne(name, output, reporter), cancellation))
                .RunAggregate(new long[3], (totals, outcome) =>
                {
                    totals[(int)outcome]++;
                    meter.Advance();
                    return totals;
                }, streams.Materializer));

        double seconds = time.GetElapsedTime(start).TotalSeconds;
        return new ResizeDone(
            folders.Output, resizer.Target.Width, resizer.Target.Height, names.Count,
            counts[(int)Outcome.Resized], counts[(int)Outcome.AlreadyThere], counts[(int)Outcome.LeftOut], seconds);
    }

    private static bool Publish(WorkFolder output, string name, ReadOnlySpan<byte> picture)
    {
        using IDraft draft = output.Store.NewDraft();
        draft.Content.Write(picture);
        return output.Store.Publish(draft, name);
    }

    private Outcome ResizeOne(string name, WorkFolder output, IReporter reporter)
    {
        if (File.Exists(Path.Combine(output.Folder, name)))
        {
            return Outcome.AlreadyThere;
        }

        FileBytes jpeg;
        try
        {
            jpeg = FileBytes.Read(Path.Combine(folders.Source, name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // One file that cannot be read costs one picture, and the next run tries it again.
            reporter.Say(new LeftOut("resize", name, "unreadable", exception.Message));
            return Outcome.LeftOut;
        }

        using (jpeg)
        {
            return ResizeOne(name, jpeg, output, reporter);
        }
    }

    private Outcome ResizeOne(string name, FileBytes jpeg, WorkFolder output, IReporter reporter)
    {
        if (!_outputs.TryTake(out ArrayBufferWriter<byte>? resized))
        {
            resized = new ArrayBufferWriter<byte>();
        }

        try
        {
            if (resizer.TryResize(jpeg.Span, resized, out _, out PictureRefusal? refusal))
            {
                return Publish(output, name, resized.WrittenSpan) ? Outcome.Resized : Outcome.AlreadyThere;
            }

            reporter.Say(new LeftOut("resize", name, refusal.Fault.WireName(), refusal.Detail));
            return Outcome.LeftOut;
        }
        finally
        {
            resized.ResetWrittenCount();
            _outputs.Add(resized);
        }
    }
}
