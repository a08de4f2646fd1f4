using System.Runtime.InteropServices;
using Akka.Streams;
using Akka.Streams.Dsl;
using Koalarization.Cluster.Coordination;
using Koalarization.Cluster.Embedding;
using Koalarization.Cluster.Hosting;
using Koalarization.Dataset.Composition;
using Koalarization.Dataset.Ledger;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.Slices;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Dataset.Wording;
using Koalarization.Pipeline.Records;
using Koalarization.Records.Compression;
using static Koalarization.Cluster.Writing.WriteProtocol;

namespace Koalarization.Cluster.Writing;

/// <summary>
/// The work on one record: rows → logits → Examples → <see cref="RecordAssembler"/>, in order. Every stage waits for the next one, so memory does not grow with a record's size.
/// </summary>
/// <param name="write">Which record.</param>
/// <param name="node">What it works with.</param>
/// <param name="embed">Asks the node's client for logits.</param>
/// <param name="turnstile">The node's.</param>
internal sealed class RecordPipeline(
    WriteRecord write, NodeServices node, Func<EmbedForRecord, CancellationToken, Task<EmbedReply>> embed, EmbedTurnstile turnstile)
{
    // Enough for a full batch of every usual size to be requested while another is being run.
    private const int GroupsAtOnce = 16;

    private readonly TransientReadRetry _retry = new(node.Time, node.IsAlone ? TimeSpan.Zero : TransientReadRetry.DefaultTotal);
    private int _embedded;

    /// <summary>Pictures that have their logits, or were seen to get none.</summary>
    public int Embedded => Volatile.Read(ref _embedded);

    /// <summary>Whether the rest is seconds away.</summary>
    public bool HasAllLogits => Embedded == write.Count;

    /// <summary>Writes the record, unless it is committed already.</summary>
    /// <returns>The manifest of the committed record.</returns>
    /// <exception cref="RecordConflictException">Something else has the record's name.</exception>
    /// <exception cref="RecordUnreadableException">What it is made of cannot be read here.</exception>
    public async Task<RecordManifest> RunAsync(IMaterializer materializer, CancellationToken cancellation)
    {
        (RecordManifest? committed, OpenRecord? record) = await _retry.RunAsync(() => Task.Run(Open), IsTransient, cancellation);
        return committed ?? await WriteAsync(record!, materializer, cancellation);
    }

    private static bool IsTransient(Exception exception) =>
        exception is (RecordUnreadableException or IOException or UnauthorizedAccessException or InvalidDataException) and not RecordConflictException;

    private (RecordManifest? Committed, OpenRecord? Record) Open()
    {
        FileDataStore store = node.Stores.ToWrite(write.Data, write.Round);
        var set = new RecordSet(store, RecordLayout.OfDataSet);
        if (set.Complete(write.Record.Record) is RecordManifest committed)
        {
            return (committed, null);
        }

        var record = OpenRecord.Read(store, set, write);
        RefuseOtherCodec(record.Job);
        return (null, record);
    }

    // Regions go by libraries; but what is in job.json decides, not the sender.
    private void RefuseOtherCodec(JobParameters job)
    {
        if (!string.Equals(job.CodecFingerprint, node.CodecFingerprint, StringComparison.Ordinal))
        {
            throw new CodecMismatchException(
                $"the node {node.Stores.Owner} has another JPEG library ({node.CodecFingerprint[..16]}) than the data set was begun with ({job.CodecFingerprint[..16]}); take it out of the cluster, or install the same libturbojpeg.");
        }
    }

    private async Task<RecordManifest> WriteAsync(OpenRecord record, IMaterializer materializer, CancellationToken cancellation)
    {
        long begin = node.Time.GetTimestamp();
        using IDisposable turn = await turnstile.EnterAsync(record.Key, cancellation);
        using var claims = new DecodedPictures.Claims(node.Decoded);
        using RecordAssembler assembler = record.Set.NewRecord(write.Record.Record, record.Compression);
        var builder = new ExampleBuilder(record.Compatibility, record.Job.ImageNamePrefix);
        LinkRow[][] groups = [.. record.Rows.Chunk(EmbedProtocol.MaxImages)];
        await Source.From(groups)
            .Via(cancellation.AsFlow<LinkRow[]>(cancelGracefully: false))
            .SelectAsync(GroupsAtOnce, group => EmbedAsync(record, claims, group, group == groups[^1] ? turn : null, cancellation))
            .SelectMany(pictures => pictures)
            .SelectAsync(node.Cores, picture => _retry.RunAsync(() => Task.Run(() => Build(record, claims, builder, picture)), IsTransient, cancellation))
            .SelectAsync(1, entry => Task.Run(() => Add(entry, assembler)))
            .RunWith(Sink.Ignore<RecordEntry>(), materializer);
        var origin = new RecordOrigin(write.Round, write.FirstSlice, write.LastSlice, write.Offset, write.Count);
        long commit = node.Time.GetTimestamp();
        RecordManifest manifest = await Task.Run(() => assembler.Commit(record.Network.KeyWith(record.Job), origin));
        node.Activity.Committed(node.Time.GetElapsedTime(commit));
        node.Listener.RecordCommitted(write.Record, manifest);
        WriteInstruments.RecordCommitted(manifest);
        TimeSpan took = node.Time.GetElapsedTime(begin);
        WriteInstruments.Duration.Record(took.TotalSeconds);
        Trace(record, took);
        return manifest;
    }

    // A picture is written when its record is.
    private void Trace(OpenRecord record, TimeSpan took)
    {
        if (PictureTrace.IsOn)
        {
            foreach (LinkRow row in record.Rows)
            {
                PictureTrace.Ended("write", write.Data, row.Name, took, ("koala.record", write.Record.Record));
            }
        }
    }

    private async Task<IReadOnlyList<EmbeddedPicture>> EmbedAsync(
        OpenRecord record, DecodedPictures.Claims claims, LinkRow[] group, IDisposable? turn, CancellationToken cancellation)
    {
        var request = new EmbedForRecord(
            record.Key, write.Data, record.Job.FansOut, [.. group.Select(row => new EmbedProtocol.ImageReference(row.Name, row.Resized!.Sha256))]);
        claims.Add(group.Select(IdOf));
        Task<EmbeddingsReady> answer = _retry.RunAsync(() => AskAsync(request, cancellation), IsTransient, cancellation);
        turn?.Dispose();
        EmbeddingsReady ready = await answer;
        Interlocked.Add(ref _embedded, group.Length);
        node.Listener.PicturesEmbedded(write.Record, group.Length);
        return Pair(group, ready);
    }

    private async Task<EmbeddingsReady> AskAsync(EmbedForRecord request, CancellationToken cancellation) =>
        await embed(request, cancellation) switch
        {
            EmbeddingsReady ready => ready,
            EmbeddingFailed failed => throw new RecordUnreadableException(failed.Detail),
            EmbedReply other => throw new InvalidOperationException($"An embed client does not answer with {other.GetType().Name}."),
        };

    private static List<EmbeddedPicture> Pair(LinkRow[] group, EmbeddingsReady ready)
    {
        const int Bytes = EmbedProtocol.Logits * sizeof(float);
        var pictures = new List<EmbeddedPicture>(group.Length);
        int next = 0;
        for (int index = 0; index < group.Length; index++)
        {
            pictures.Add(ready.Undecodable.Contains(index)
                ? new EmbeddedPicture(group[index], Logits: null)
                : new EmbeddedPicture(group[index], ready.Logits.Slice(Bytes * next++, Bytes)));
        }

        return pictures;
    }

    private RecordEntry Build(OpenRecord record, DecodedPictures.Claims claims, ExampleBuilder builder, EmbeddedPicture picture)
    {
        PreparedPicture? prepared = claims.Take(IdOf(picture.Row));
        if (prepared is null
            && !PreparedPicture.TryRead(node.Codec, record.PathOf(picture.Row), picture.Row.Resized!.Sha256, out prepared, out LeftOutPicture? leftOut))
        {
            return RecordEntry.Without(leftOut);
        }

        using (prepared)
        {
            return picture.Logits is ReadOnlyMemory<byte> logits
                ? builder.Build(picture.Row.Name, prepared, MemoryMarshal.Cast<byte, float>(logits.Span))
                : throw new RecordUnreadableException($"{picture.Row.Name} decodes on this node, and did not on the one that should compute its logits.");
        }
    }

    private RecordEntry Add(RecordEntry entry, RecordAssembler assembler)
    {
        entry.AddTo(assembler);
        if (entry.LeftOut is LeftOutPicture leftOut)
        {
            node.Listener.PictureLeftOut(write.Record, leftOut);
        }

        return entry;
    }

    private PictureId IdOf(LinkRow row) => new(write.Data, row.Name, row.Resized!.Sha256);

    /// <summary>A picture of the record with its logits; none: the embedder could not decode it.</summary>
    private sealed record EmbeddedPicture(LinkRow Row, ReadOnlyMemory<byte>? Logits);
}

/// <summary>A record to be written, as its data set's files define it.</summary>
/// <param name="Store">The data set, with this process's scratch space.</param>
/// <param name="Set">Its records.</param>
/// <param name="Job">What its pictures are made with.</param>
/// <param name="Network">What its records are made with.</param>
/// <param name="Rows">The record's pictures, in order.</param>
internal sealed record OpenRecord(FileDataStore Store, RecordSet Set, JobParameters Job, NetworkParameters Network, IReadOnlyList<LinkRow> Rows)
{
    /// <summary>The network that it needs.</summary>
    public EmbedKey Key => new(Network.Weights, Network.Precision, Job.CodecFingerprint);

    /// <summary>How it is compressed.</summary>
    public RecordCompression Compression => Enum.Parse<RecordCompression>(Network.Compression, ignoreCase: true);

    /// <summary>Which size its pictures have.</summary>
    public RecordCompatibility Compatibility => Enum.Parse<RecordCompatibility>(Network.Compatibility, ignoreCase: true);

    /// <summary>The file of one of its pictures.</summary>
    public string PathOf(LinkRow row) => Store.PathOf(new DataLayout(Job.FansOut).ResizedPicture(row.Name));

    /// <summary>Reads the data set's files. Blocks.</summary>
    /// <exception cref="InvalidDataException">A file is not there, or not what it should be.</exception>
    public static OpenRecord Read(FileDataStore store, RecordSet set, WriteRecord write)
    {
        JobParameters job = JobParameters.Find(store) ?? throw Missing(DataLayout.Job);
        NetworkParameters network = NetworkParameters.Find(store) ?? throw Missing(DataLayout.Network);
        var work = new RecordWork(write.Record.Record, write.Round, write.FirstSlice, write.LastSlice, write.Offset, write.Count);
        IReadOnlyList<LinkRow> rows = [.. Survivors.Of(store, work)];
        return rows.Count == write.Count
            ? new OpenRecord(store, set, job, network, rows)
            : throw new InvalidDataException(
                $"the manifests of round {write.Round}, slices {write.FirstSlice} to {write.LastSlice}, give {Amount.Of(rows.Count, "picture")} of the {write.Count} of record {write.Record}.");
    }

    private static InvalidDataException Missing(string name) => new($"{name} cannot be found.");
}
