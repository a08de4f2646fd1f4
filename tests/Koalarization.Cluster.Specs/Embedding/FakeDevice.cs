using Koalarization.Cluster.Embedding;

namespace Koalarization.Cluster.Specs.Embedding;

/// <summary>A device whose logits say which picture they are of: the number in its name, and its gray.</summary>
internal sealed class FakeDevice(int batchSize = 4) : IInferenceDevice
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _one = new(1);
    private readonly List<string[]> _batches = [];
    private int _size = batchSize;

    public (string Weights, string Precision) Network { get; init; } = ("fake", "fp32");

    public int BatchSize => _size;

    /// <summary>Pictures that fit into its memory.</summary>
    public int Memory { get; set; } = int.MaxValue;

    /// <summary>What every batch fails with.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Called with each batch before it is run; the batch waits for it.</summary>
    public Func<int, Task> OnBatch { get; set; } = _ => Task.CompletedTask;

    public int Shrinks { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>The batches that were asked for, by their pictures' names.</summary>
    public IReadOnlyList<string[]> Batches
    {
        get
        {
            lock (_gate)
            {
                return [.. _batches];
            }
        }
    }

    public int Pictures => Batches.Sum(batch => batch.Length);

    public async Task<float[]> EmbedAsync(IReadOnlyList<string> names, ReadOnlyMemory<byte> gray)
    {
        int batch;
        lock (_gate)
        {
            _batches.Add([.. names]);
            batch = _batches.Count;
        }

        await _one.WaitAsync();
        try
        {
            await OnBatch(batch);
            return Run(names, gray);
        }
        finally
        {
            _one.Release();
        }
    }

    public Task ShrinkAsync(int batchSize)
    {
        Shrinks++;
        _size = batchSize;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        _one.Dispose();
        return ValueTask.CompletedTask;
    }

    private float[] Run(IReadOnlyList<string> names, ReadOnlyMemory<byte> gray)
    {
        Assert.InRange(names.Count, 1, BatchSize);
        Assert.Equal(names.Count * PictureInWork.GrayBytes, gray.Length);
        if (Failure is Exception failure)
        {
            throw failure;
        }

        if (names.Count > Memory)
        {
            throw new DeviceOutOfMemoryException("CUDA out of memory.");
        }

        var logits = new float[names.Count * EmbedProtocol.Logits];
        for (int i = 0; i < names.Count; i++)
        {
            Span<float> own = logits.AsSpan(i * EmbedProtocol.Logits, EmbedProtocol.Logits);
            own.Fill(EmbedWorld.NumberOf(names[i]));
            own[^1] = gray.Span[i * PictureInWork.GrayBytes];
        }

        return logits;
    }
}
