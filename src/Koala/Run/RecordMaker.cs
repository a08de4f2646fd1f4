using System.CommandLine;
using Koalarization.Cluster;
using Koalarization.Dataset;
using Koalarization.Koala.LabBatch;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Run;

/// <summary>What a run makes its records with.</summary>
internal sealed class RecordMaker(RecordOptions options, ParseResult arguments, TimeProvider time) : IAsyncDisposable
{
    public const int UsualPicturesPerRecord = 500;

    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Network? _network;
    private HashSet<int> _finished = [];

    /// <summary>Comes when the network cannot be loaded.</summary>
    public Task<Exception> Failed => _failed.Task;

    /// <summary>Says or compares what records are made with, and completes what an earlier run committed and did not finish.</summary>
    public async Task<NetworkParameters> OpenAsync(FileDataStore store, IReporter reporter, CancellationToken cancellation)
    {
        NetworkParameters? earlier = NetworkParameters.Find(store);
        (_network, NetworkParameters now) = await options.ResolveAsync(arguments, earlier, reporter, time, cancellation);
        _finished = [.. new RecordSet(store, RecordLayout.OfDataSet).Complete().Keys];
        return earlier ?? now;
    }

    /// <summary>Whether a record is committed.</summary>
    public bool IsWritten(int record) => _finished.Contains(record);

    /// <summary>The ledger, told which of its records are written.</summary>
    public RoundLedger WithWritten(RoundLedger ledger) => ledger.WithWritten(_finished);

    /// <summary>Loads the network.</summary>
    public async Task<IInferenceDevice> LoadAsync()
    {
        try
        {
            return await InferenceDevice.StartAsync(_network!);
        }
        catch (Exception exception)
        {
            _failed.TrySetResult(exception);
            throw;
        }
    }

    public ValueTask DisposeAsync() => _network?.DisposeAsync() ?? ValueTask.CompletedTask;
}
