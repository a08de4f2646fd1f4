using System.Collections.Concurrent;
using System.CommandLine;
using System.Runtime.CompilerServices;
using Koalarization.Dataset;
using Koalarization.Imaging;
using Koalarization.Koala.LabBatch;
using Koalarization.Koala.Reporting;
using Koalarization.Records;

namespace Koalarization.Koala.Run;

/// <summary>Writes a data set's records, each as soon as all its pictures are known.</summary>
internal sealed class RecordMaker(RecordOptions options, ParseResult arguments, IJpegCodec codec, TimeProvider time) : IAsyncDisposable
{
    public const int UsualPicturesPerRecord = 500;

    private Network? _network;
    private NetworkParameters? _parameters;
    private RecordSet? _set;
    private HashSet<int> _finished = [];

    /// <summary>Says or compares what records are made with, and completes what an earlier run committed and did not finish.</summary>
    public async Task<NetworkParameters> OpenAsync(FileDataStore store, IReporter reporter, CancellationToken cancellation)
    {
        NetworkParameters? earlier = NetworkParameters.Find(store);
        (_network, NetworkParameters now) = await options.ResolveAsync(arguments, earlier, reporter, time, cancellation);
        _set = new RecordSet(store, RecordLayout.OfDataSet);
        _finished = [.. _set.Complete().Keys];
        return _parameters = earlier ?? now;
    }

    /// <summary>Whether a record is committed.</summary>
    public bool IsWritten(int record) => _finished.Contains(record);

    /// <summary>The ledger, told which of its records are written.</summary>
    public RoundLedger WithWritten(RoundLedger ledger) => ledger.WithWritten(_finished);

    /// <summary>Writes records until none is left that can ever be composed.</summary>
    public async Task RunAsync(
        FileDataStore store, JobParameters job, LedgerBoard board, IReporter reporter, ProgressMeter meter, CancellationToken cancellation)
    {
        if (board.Rounds.All(round => round.IsDone))
        {
            return;
        }

        // Loading takes a while, which the first pictures need as well.
        await using InferenceThread inference = await _network!.StartAsync();

        // A network that does not load must not bind the data set to itself.
        _parameters = _parameters!.Fix(store);
        var composer = new RecordComposer(Enum.Parse<RecordCompatibility>(_parameters.Compatibility, ignoreCase: true));
        var flow = new RecordFlow(codec, inference, composer, Environment.ProcessorCount);
        var compression = Enum.Parse<RecordCompression>(_parameters.Compression, ignoreCase: true);
        var begun = new ConcurrentDictionary<int, RecordWork>();
        using var sink = new RecordSink("run", _set!, compression, _parameters.KeyWith(job), reporter, meter)
        {
            OriginOf = record => OriginOf(begun[record]),
            Written = manifest => board.Written(manifest.Origin!.Round, manifest.Record),
        };
        await flow.RunAsync(() => PicturesAsync(store, job, board, begun, cancellation), sink, cancellation);
    }

    public ValueTask DisposeAsync() => _network?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static RecordOrigin OriginOf(RecordWork work) => new(work.Round, work.FirstSlice, work.LastSlice, work.Offset, work.Count);

    private static async IAsyncEnumerable<RecordPicture> PicturesAsync(
        FileDataStore store, JobParameters job, LedgerBoard board, ConcurrentDictionary<int, RecordWork> begun, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var layout = new DataLayout(job.FansOut);
        int? last = null;
        while (true)
        {
            RecordWork? work = await board.NextRecordAsync(last, wait: false, cancellation);
            if (work is null)
            {
                yield return RecordPicture.Pause;
                work = await board.NextRecordAsync(last, wait: true, cancellation);
            }

            if (work is null)
            {
                yield break;
            }

            last = work.Record;
            begun[work.Record] = work;
            int left = work.Count;
            foreach (LinkRow row in Survivors.Of(store, work))
            {
                left--;
                yield return new RecordPicture(
                    work.Record, left == 0, row.Name, store.PathOf(layout.ResizedPicture(row.Name)), job.ImageNamePrefix + row.Name, row.Resized!.Sha256);
            }
        }
    }
}
