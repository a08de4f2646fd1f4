using Akka.Streams;
using Akka.Streams.Dsl;
using Koalarization.Dataset;
using Koalarization.Records;
using static Koalarization.Cluster.WriteProtocol;

namespace Koalarization.Cluster;

/// <summary>
/// The work on one record: names → logits → Examples → file, in order. Every stage waits for the next one, so memory does not grow with a record's size.
/// </summary>
/// <param name="write">Which record.</param>
/// <param name="parts">What it works with.</param>
/// <param name="embed">Asks the node's client for logits.</param>
/// <param name="turns">The node's.</param>
internal sealed class RecordWriting(
    WriteRecord write, NodeParts parts, Func<EmbedForRecord, CancellationToken, Task<EmbedReply>> embed, WriteTurns turns)
{
    // Enough for a full batch of every usual size to be on its way while another is being run.
    private const int GroupsAtOnce = 16;

    private readonly RecordPatience _patience = new(parts.Time, parts.IsAlone ? TimeSpan.Zero : RecordPatience.InAll);
    private int _embedded;

    /// <summary>Pictures that have their logits, or were seen to get none.</summary>
    public int Embedded => Volatile.Read(ref _embedded);

    /// <summary>Whether the rest is a matter of seconds.</summary>
    public bool IsGathered => Embedded == write.Count;

    /// <summary>Writes the record, unless it stands already.</summary>
    /// <returns>The manifest that stands.</returns>
    /// <exception cref="RecordConflictException">Something else has the record's name.</exception>
    /// <exception cref="RecordUnreadableException">What it is made of cannot be read here.</exception>
    public async Task<RecordManifest> RunAsync(IMaterializer materializer, CancellationToken cancellation)
    {
        (RecordManifest? standing, OpenRecord? record) = await _patience.TryAsync(() => Task.Run(Open), IsUnreadable, cancellation);
        return standing ?? await WriteAsync(record!, materializer, cancellation);
    }

    private static bool IsUnreadable(Exception exception) =>
        exception is (RecordUnreadableException or IOException or UnauthorizedAccessException or InvalidDataException) and not RecordConflictException;

    private (RecordManifest? Standing, OpenRecord? Record) Open()
    {
        FileDataStore store = parts.Stores.ToWrite(write.Data, write.Round);
        var set = new RecordSet(store, RecordLayout.OfDataSet);
        return set.Complete(write.Record.Record) is RecordManifest standing ? (standing, null) : (null, Fitting(OpenRecord.Read(store, set, write)));
    }

    // Regions go by libraries; but what is in job.json decides, whoever sent the record here.
    private OpenRecord Fitting(OpenRecord record) =>
        string.Equals(record.Job.CodecFingerprint, parts.CodecFingerprint, StringComparison.Ordinal)
            ? record
            : throw new RecordUnfitException(
                $"the node {parts.Stores.Owner} has another JPEG library ({parts.CodecFingerprint[..16]}) than the data set was begun with ({record.Job.CodecFingerprint[..16]}); take it out of the cluster, or install the same libturbojpeg.");

    private async Task<RecordManifest> WriteAsync(OpenRecord record, IMaterializer materializer, CancellationToken cancellation)
    {
        using IDisposable turn = await turns.TakeAsync(record.Key, cancellation);
        var composing = new PictureComposing(record, parts.Codec);
        using var draft = new RecordDraft(record, write.Record.Record);
        LinkRow[][] groups = [.. record.Rows.Chunk(EmbedProtocol.MostImages)];
        await Source.From(groups)
            .Via(cancellation.AsFlow<LinkRow[]>(cancelGracefully: false))
            .SelectAsync(GroupsAtOnce, group => EmbedAsync(record, group, group == groups[^1] ? turn : null, cancellation))
            .SelectMany(pictures => pictures)
            .SelectAsync(parts.Cores, picture => ComposeAsync(composing, picture, cancellation))
            .SelectAsync(1, composed => Task.Run(() => Write(draft, composing, composed)))
            .RunWith(Sink.Ignore<bool>(), materializer);
        RecordManifest manifest = await Task.Run(() => draft.Commit(new RecordOrigin(write.Round, write.FirstSlice, write.LastSlice, write.Offset, write.Count)));
        parts.Listener.RecordWritten(write.Record, manifest);
        return manifest;
    }

    private async Task<IReadOnlyList<EmbeddedPicture>> EmbedAsync(OpenRecord record, LinkRow[] group, IDisposable? turn, CancellationToken cancellation)
    {
        var request = new EmbedForRecord(
            record.Key, write.Data, record.Job.FansOut, [.. group.Select(row => new EmbedProtocol.ImageReference(row.Name, row.Resized!.Sha256))]);
        Task<EmbeddingsReady> asked = _patience.TryAsync(() => AskAsync(request, cancellation), IsUnreadable, cancellation);
        turn?.Dispose();
        EmbeddingsReady ready = await asked;
        Interlocked.Add(ref _embedded, group.Length);
        parts.Listener.PicturesEmbedded(write.Record, group.Length);
        return Pair(group, ready);
    }

    private async Task<EmbeddingsReady> AskAsync(EmbedForRecord request, CancellationToken cancellation) =>
        await embed(request, cancellation) switch
        {
            EmbeddingsReady ready => ready,
            EmbeddingUnreadable unreadable => throw new RecordUnreadableException(unreadable.Detail),
            EmbedReply other => throw new InvalidOperationException($"An embed client does not answer with {other.GetType().Name}."),
        };

    private static List<EmbeddedPicture> Pair(LinkRow[] group, EmbeddingsReady ready)
    {
        const int Bytes = EmbedProtocol.Logits * sizeof(float);
        var pictures = new List<EmbeddedPicture>(group.Length);
        int next = 0;
        for (int place = 0; place < group.Length; place++)
        {
            pictures.Add(ready.Missing.Contains(place)
                ? new EmbeddedPicture(group[place], Logits: null)
                : new EmbeddedPicture(group[place], ready.Logits.Slice(Bytes * next++, Bytes)));
        }

        return pictures;
    }

    private Task<ComposedPicture> ComposeAsync(PictureComposing composing, EmbeddedPicture picture, CancellationToken cancellation) =>
        _patience.TryAsync(() => Task.Run(() => composing.Compose(picture)), IsUnreadable, cancellation);

    private bool Write(RecordDraft draft, PictureComposing composing, ComposedPicture composed)
    {
        if (composed.Example is LabExampleBuffer example)
        {
            draft.Append(example, composed.Colours!);
            composing.Return(example);
        }
        else
        {
            draft.LeaveOut(composed.LeftOut!);
            parts.Listener.PictureLeftOut(write.Record, composed.LeftOut!);
        }

        return composed.Example is not null;
    }
}
