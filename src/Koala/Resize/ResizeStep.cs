using Akka.Streams;
using Akka.Streams.Dsl;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Wording;
using Koalarization.Imaging.Pixels;
using Koalarization.Koala.Commands;
using Koalarization.Koala.Reporting;
using Koalarization.Koala.Streams;
using Koalarization.Pipeline.Resizing;

namespace Koalarization.Koala.Resize;

/// <summary>Resizes every picture of a folder to one size. A picture that the output folder has already is skipped.</summary>
internal sealed class ResizeStep(InProcessResizer resizer, PictureSize target, SourceAndOutput folders, int parallel, TimeProvider time)
{
    // Pictures of a group wait for its publication while the next ones are resized.
    private const int PicturesWaiting = 4 * GroupPublisher.FilesInGroup;

    private const string SizeState = "size";

    private enum Outcome
    {
        Resized,
        AlreadyThere,
        LeftOut,
    }

    public async Task<ResizeDone> RunAsync(IReporter reporter, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        var skipped = new SkippedFiles();
        IReadOnlyList<string> names = PictureFolder.Names(folders.Source, skipped);
        if (names.Count == 0)
        {
            throw WrongFolder.WithoutPictures(folders.Source, FolderUse.Pictures, skipped.Sentence);
        }

        if (skipped.Sentence is string leftOut)
        {
            reporter.Report(new Note(leftOut));
        }

        using WorkFolder output = WorkFolder.Open(folders.Output);
        bool isBegun = output.Store.SizeOf($"{DataLayout.State}/{SizeState}") is not null;
        string size = $"{target.Width}x{target.Height}", earlier = output.FixState(SizeState, size);
        if (!string.Equals(size, earlier, StringComparison.Ordinal))
        {
            throw new UserErrorException($"{folders.Output} has pictures of {earlier}, not {size}; choose another folder, or use -s {earlier.Replace('x', ',')}.");
        }

        await using var publisher = new GroupPublisher(output.Store, time);
        await using var streams = new StreamHost();
        int begun = 0;

        long[] counts = await reporter.MeasureAsync("resize", names.Count, meter =>
            Source.From(names)
                .Via(cancellation.AsFlow<string>(cancelGracefully: false))
                .SelectAsyncUnordered(parallel, name => Task.Run(() => ResizeOne(name, output, reporter), cancellation))
                .Select(made =>
                {
                    if (++begun + parallel >= names.Count)
                    {
                        publisher.Hurry();
                    }

                    return made;
                })
                .SelectAsyncUnordered(PicturesWaiting, made => PublishAsync(made, publisher))
                .RunAggregate(new long[3], (totals, outcome) =>
                {
                    totals[(int)outcome]++;
                    meter.Advance();
                    return totals;
                }, streams.Materializer));

        output.Store.FlushNames("");
        if (counts[(int)Outcome.LeftOut] == names.Count)
        {
            if (!isBegun)
            {
                output.Store.Remove($"{DataLayout.State}/{SizeState}");
            }

            throw new UserErrorException(
                $"none of the {Amount.Of(names.Count, "file")} in {folders.Source} is a picture that can be resized, so nothing was written; koala inspect FILE says what each is.");
        }

        double seconds = time.GetElapsedTime(start).TotalSeconds;
        return new ResizeDone(
            folders.Output, target.Width, target.Height, names.Count,
            counts[(int)Outcome.Resized], counts[(int)Outcome.AlreadyThere], counts[(int)Outcome.LeftOut], seconds);
    }

    private static async Task<Outcome> PublishAsync(Made made, GroupPublisher publisher)
    {
        if (made.Draft is not IDraft draft)
        {
            return made.Outcome;
        }

        using (draft)
        {
            return (await publisher.PublishAsync((draft, made.Name)))[0] ? Outcome.Resized : Outcome.AlreadyThere;
        }
    }

    private Made ResizeOne(string name, WorkFolder output, IReporter reporter)
    {
        if (File.Exists(Path.Combine(output.Folder, name)))
        {
            return new Made(name, Outcome.AlreadyThere, Draft: null);
        }

        FileBytes jpeg;
        try
        {
            jpeg = FileBytes.Read(PictureFolder.PathOf(folders.Source, name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // An unreadable file is left out, and the next run tries it again.
            reporter.Report(new LeftOut("resize", name, "unreadable", FileFaults.Clause(exception)));
            return new Made(name, Outcome.LeftOut, Draft: null);
        }

        using (jpeg)
        {
            return ResizeOne(name, jpeg, output, reporter);
        }
    }

    private Made ResizeOne(string name, FileBytes jpeg, WorkFolder output, IReporter reporter)
    {
        ResizedPicture resized = resizer.Resize(jpeg.Span);
        if (resized.Refusal is not PictureRefusal refusal)
        {
            return new Made(name, Outcome.Resized, output.Store.NewDraft(resized.Bytes.Span));
        }

        reporter.Report(new LeftOut("resize", name, refusal.Fault.WireName(), refusal.Detail));
        return new Made(name, Outcome.LeftOut, Draft: null);
    }

    // A picture after resizing, with a draft to publish when there is one.
    private sealed record Made(string Name, Outcome Outcome, IDraft? Draft);
}
