using System.Buffers;

namespace Koalarization.Cluster;

/// <summary>A device as its embedder sees it: what it has, and how fast it is. Its state belongs to the embedder's thread.</summary>
internal sealed class InferenceLane(IInferenceDevice device, TimeProvider time)
{
    private long _lastEnd;

    public IInferenceDevice Device => device;

    public int BatchSize { get; private set; } = device.BatchSize;

    /// <summary>Batches that it has.</summary>
    public int OnDevice { get; private set; }

    /// <summary>Its batch was too large, and is to be halved when it has come to rest.</summary>
    public bool IsShrinking { get; private set; }

    /// <summary>It is given nothing more.</summary>
    public bool IsFailed { get; set; }

    public RateMeter Rate { get; private set; }

    /// <summary>Gives the device a batch.</summary>
    public Task<BatchRun> RunAsync(IReadOnlyList<PictureInWork> pictures)
    {
        OnDevice++;
        return Task.Run(() => RunOffThreadAsync(pictures));
    }

    /// <summary>A batch came back.</summary>
    public void Ended(BatchRun run)
    {
        OnDevice--;
        if (run.Failure is null)
        {
            Rate = Rate.With(run.Pictures.Count, BatchSize, time.GetElapsedTime(Math.Max(run.Began, _lastEnd), run.Ended));
        }
        else if (run.Failure is DeviceOutOfMemoryException && BatchSize > 1)
        {
            IsShrinking = true;
        }
        else
        {
            IsFailed = true;
        }

        _lastEnd = run.Ended;
    }

    /// <summary>Loads the network again for half the pictures. Nothing is on the device.</summary>
    public Task ShrinkAsync() => Task.Run(() => device.ShrinkAsync(BatchSize / 2));

    public void Shrunk()
    {
        IsShrinking = false;
        BatchSize = device.BatchSize;
        Rate = default;
    }

    private async Task<BatchRun> RunOffThreadAsync(IReadOnlyList<PictureInWork> pictures)
    {
        long began = time.GetTimestamp();
        byte[] gray = ArrayPool<byte>.Shared.Rent(pictures.Count * PictureInWork.GrayBytes);
        try
        {
            for (int i = 0; i < pictures.Count; i++)
            {
                pictures[i].Gray.CopyTo(gray.AsSpan(i * PictureInWork.GrayBytes));
            }

            float[] logits = await device.EmbedAsync(
                [.. pictures.Select(picture => picture.Image.Name)], gray.AsMemory(0, pictures.Count * PictureInWork.GrayBytes));
            return new BatchRun(this, pictures, logits, Failure: null, began, time.GetTimestamp());
        }
#pragma warning disable CA1031 // What a device throws is its own: all of it means that the batch was not run.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new BatchRun(this, pictures, [], exception, began, time.GetTimestamp());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(gray);
        }
    }
}

/// <summary>What became of a batch.</summary>
/// <param name="Lane">The device that it was given to.</param>
/// <param name="Pictures">Its pictures.</param>
/// <param name="Logits">[N, 1001] logits.</param>
/// <param name="Failure">Why it was not run.</param>
/// <param name="Began">A timestamp.</param>
/// <param name="Ended">A timestamp.</param>
internal sealed record BatchRun(
    InferenceLane Lane, IReadOnlyList<PictureInWork> Pictures, float[] Logits, Exception? Failure, long Began, long Ended);
