using System.CommandLine;
using Koalarization.Cluster.Embedding;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Koala.Commands;
using Koalarization.Koala.LabBatch;
using Koalarization.Koala.Reporting;

namespace Koalarization.Koala.Run;

/// <summary>The network of a run, and its committed records.</summary>
internal sealed class RecordMaker(RecordOptions options, ParseResult arguments, KoalaServices services, TimeProvider time) : IAsyncDisposable
{
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Network? _network;

    /// <summary>Completes when the network cannot be loaded.</summary>
    public Task<Exception> Failed => _failed.Task;

    /// <summary>The records that are committed.</summary>
    public IReadOnlySet<int> Written { get; private set; } = new HashSet<int>();

    /// <summary>Reads or checks the parameters of the records, and completes records that an earlier run committed and did not publish.</summary>
    public async Task<NetworkParameters> OpenAsync(FileDataStore store, IReporter reporter, CancellationToken cancellation)
    {
        NetworkParameters? earlier = NetworkParameters.Find(store);
        (_network, NetworkParameters now) = await options.ResolveAsync(arguments, earlier, reporter, time, cancellation);
        _network.StopOn(cancellation);
        Written = new RecordSet(store, RecordLayout.OfDataSet).Complete().Keys.ToHashSet();
        return earlier ?? now;
    }

    /// <summary>Loads the network.</summary>
    public async Task<IInferenceDevice> LoadAsync()
    {
        try
        {
            return services.Device(await InferenceDevice.StartAsync(_network!));
        }
        catch (Exception exception)
        {
            _failed.TrySetResult(exception);
            throw;
        }
    }

    public ValueTask DisposeAsync() => _network?.DisposeAsync() ?? ValueTask.CompletedTask;
}
