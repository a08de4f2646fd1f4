using System.Threading.Channels;
using Koalarization.Inception;

namespace Koalarization.Koala.LabBatch;

/// <summary>
/// The threads that each own an embedder of a device: one for a CPU, whose embedder uses all cores by itself; two for each GPU, so that one copies and queues
/// while the other computes. Batches begin in the order of the requests, on whichever is free.
/// </summary>
internal sealed class InferenceThreads : IAsyncDisposable
{
    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>();
    private readonly TaskCompletionSource<int> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread[] _threads;
    private int _ready;

    /// <param name="create">Each creates an embedder, on its thread.</param>
    public InferenceThreads(IReadOnlyList<Func<CancellationToken, IEmbedder>> create)
    {
        _threads = [.. create.Select(embedder => new Thread(() => Run(embedder)) { IsBackground = true, Name = "inference" })];
        Array.ForEach(_threads, thread => thread.Start());
    }

    /// <summary>Ends when all embedders are loaded; fails as the first that cannot be.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>Batches that run at once.</summary>
    public int Count => _threads.Length;

    /// <summary>Pictures in a full batch, once it is loaded.</summary>
    public int BatchSize => _loaded.Task.Result;

    /// <summary>Computes the logits of a batch.</summary>
    /// <param name="names">N names.</param>
    /// <param name="gray">[N, 299, 299] gray bytes.</param>
    /// <returns>[N, 1001] logits.</returns>
    public Task<float[]> EmbedAsync(IReadOnlyList<string> names, ReadOnlyMemory<byte> gray)
    {
        var request = new Request(names, gray, new TaskCompletionSource<float[]>(TaskCreationOptions.RunContinuationsAsynchronously));
        return _requests.Writer.TryWrite(request)
            ? request.Answer.Task
            : Task.FromException<float[]>(new ObjectDisposedException(nameof(InferenceThreads)));
    }

    /// <summary>Ends the loading, or the batches in work, and cancels the requests that wait. Returns at once.</summary>
    public void Stop()
    {
        _requests.Writer.TryComplete();
        _stop.Cancel();
    }

    /// <summary>Stops the threads, and returns when they and the embedders' threads have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Stop();
        await Task.Run(() => Array.ForEach(_threads, thread => thread.Join()));
    }

    private void Run(Func<CancellationToken, IEmbedder> create)
    {
        try
        {
            using IEmbedder embedder = create(_stop.Token);
            if (Interlocked.Increment(ref _ready) == _threads.Length)
            {
                _loaded.TrySetResult(embedder.BatchSize);
            }

            ServeRequests(embedder);
        }
        catch (Exception exception)
        {
            _loaded.TrySetException(exception);
            Stop();
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
