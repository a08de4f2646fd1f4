using System.Threading.Channels;
using Koalarization.Inception;

namespace Koalarization.Koala.LabBatch;

/// <summary>The thread that owns an embedder. Batches run in the order of the requests.</summary>
internal sealed class InferenceThread : IAsyncDisposable
{
    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource<IEmbedder> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;

    /// <param name="create">Creates the embedder, on the thread.</param>
    public InferenceThread(Func<CancellationToken, IEmbedder> create)
    {
        _thread = new Thread(() => Run(create)) { IsBackground = true, Name = "inference" };
        _thread.Start();
    }

    /// <summary>The embedder; fails as its creation.</summary>
    public Task<IEmbedder> Loaded => _loaded.Task;

    /// <summary>Pictures in a full batch, once it is loaded.</summary>
    public int BatchSize => _loaded.Task.Result.BatchSize;

    /// <summary>Computes the logits of a batch.</summary>
    /// <param name="names">N names.</param>
    /// <param name="gray">[N, 299, 299] gray bytes.</param>
    /// <returns>[N, 1001] logits.</returns>
    public Task<float[]> EmbedAsync(IReadOnlyList<string> names, ReadOnlyMemory<byte> gray)
    {
        var request = new Request(names, gray, new TaskCompletionSource<float[]>(TaskCreationOptions.RunContinuationsAsynchronously));
        return _requests.Writer.TryWrite(request)
            ? request.Answer.Task
            : Task.FromException<float[]>(new ObjectDisposedException(nameof(InferenceThread)));
    }

    /// <summary>Ends the loading, or the batch in work, and cancels the requests that wait. Returns at once.</summary>
    public void Stop()
    {
        _requests.Writer.TryComplete();
        _stop.Cancel();
    }

    /// <summary>Stops the thread, and returns when it and the embedder's threads have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Stop();
        await Task.Run(_thread.Join);
    }

    private void Run(Func<CancellationToken, IEmbedder> create)
    {
        try
        {
            using IEmbedder embedder = create(_stop.Token);
            _loaded.SetResult(embedder);
            ServeRequests(embedder);
        }
        catch (Exception exception)
        {
            _loaded.TrySetException(exception);
        }
    }

    private void ServeRequests(IEmbedder embedder)
    {
        ChannelReader<Request> reader = _requests.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (reader.TryRead(out Request? request))
            {
                Serve(embedder, request);
            }
        }
    }

    private void Serve(IEmbedder embedder, Request request)
    {
        try
        {
            _stop.Token.ThrowIfCancellationRequested();
            var logits = new float[request.Names.Count * InceptionResNetV2Shape.Logits];
            embedder.Embed(request.Names, request.Gray.Span, logits, _stop.Token);
            request.Answer.SetResult(logits);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            request.Answer.SetCanceled(_stop.Token);
        }
        catch (Exception exception)
        {
            request.Answer.SetException(exception);
        }
    }

    private sealed record Request(IReadOnlyList<string> Names, ReadOnlyMemory<byte> Gray, TaskCompletionSource<float[]> Answer);
}
