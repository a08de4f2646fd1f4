using System.CommandLine;
using Koalarization.Cluster.Embedding;
using Koalarization.Dataset.Records;
using Koalarization.Dataset.State;
using Koalarization.Dataset.Storage;
using Koalarization.Inception.Devices;
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

    /// <summary>Load the network on each device, once it is open.</summary>
    public IReadOnlyList<Func<Task<IInferenceDevice>>> Devices => [.. _network!.Devices.Select(device => (Func<Task<IInferenceDevice>>)(() => LoadAsync(device)))];

    public ValueTask DisposeAsync() => _network?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<IInferenceDevice> LoadAsync(EmbedDevice device)
    {
        try
        {
            return services.Device(await InferenceDevice.StartAsync(_network!, device));
        }
        catch (Exception exception)
        {
            _failed.TrySetResult(exception);
            throw;
        }
    }
}
