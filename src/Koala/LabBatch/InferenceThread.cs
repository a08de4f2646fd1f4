using System.Threading.Channels;
using Koalarization.Inception;

namespace Koalarization.Koala.LabBatch;

/// <summary>The thread that owns an embedder. Batches run in the order of the requests.</summary>
internal sealed class InferenceThread : IAsyncDisposable
{
    private readonly IEmbedder _embedder;
    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private InferenceThread(IEmbedder embedder) => _embedder = embedder;

    /// <summary>What computes the logits.</summary>
    public EmbedderIdentity Identity => _embedder.Identity;

    /// <summary>Pictures in a full batch.</summary>
    public int BatchSize => _embedder.BatchSize;

    /// <summary>Creates the embedder on a new thread, which owns it.</summary>
    public static Task<InferenceThread> StartAsync(Func<IEmbedder> create)
    {
        var started = new TaskCompletionSource<InferenceThread>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Run(create, started)) { IsBackground = true, Name = "inference" }.Start();
        return started.Task;
    }

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

    /// <summary>Completes all requests, then ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
        await _ended.Task;
    }

    private static void Run(Func<IEmbedder> create, TaskCompletionSource<InferenceThread> started)
    {
        InferenceThread thread;
        try
        {
            thread = new InferenceThread(create());
        }
        catch (Exception exception)
        {
            started.SetException(exception);
            return;
        }

        started.SetResult(thread);
        try
        {
            thread.ServeRequests();
            thread._ended.SetResult();
        }
        catch (Exception exception)
        {
            thread._ended.SetException(exception);
        }
    }

    private void ServeRequests()
    {
        using (_embedder)
        {
            ChannelReader<Request> reader = _requests.Reader;
            while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (reader.TryRead(out Request? request))
                {
                    Serve(request);
                }
            }
        }
    }

    private void Serve(Request request)
    {
        try
        {
            var logits = new float[request.Names.Count * InceptionResNetV2Shape.Logits];
            _embedder.Embed(request.Names, request.Gray.Span, logits);
            request.Answer.SetResult(logits);
        }
        catch (Exception exception)
        {
            request.Answer.SetException(exception);
        }
    }

    private sealed record Request(IReadOnlyList<string> Names, ReadOnlyMemory<byte> Gray, TaskCompletionSource<float[]> Answer);
}
