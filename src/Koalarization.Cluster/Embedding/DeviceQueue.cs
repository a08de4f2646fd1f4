using System.Buffers;

namespace Koalarization.Cluster.Embedding;

/// <summary>A device's batches: how many it has, and how fast they are run. Its state belongs to the embedder's thread.</summary>
internal sealed class DeviceQueue(IInferenceDevice device, TimeProvider time)
{
    private long _lastEnd;

    public IInferenceDevice Device => device;

    public int BatchSize { get; private set; } = device.BatchSize;

    /// <summary>Batches that the device has: one that runs, and one that waits behind it.</summary>
    public int OnDevice { get; private set; }

    /// <summary>Whether a batch was too large: batches are halved as soon as the device has none.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Whether the device cannot be used any more.</summary>
    public bool IsFailed { get; set; }

    public RateMeter Rate { get; private set; }

    /// <summary>How long the device was busy with the last batch alone.</summary>
    public TimeSpan LastTook { get; private set; }

    /// <summary>Gives the device a batch.</summary>
    public Task<BatchRun> RunAsync(IReadOnlyList<PictureInWork> pictures)
    {
        OnDevice++;
        return Task.Run(() => RunOffThreadAsync(pictures));
    }

    /// <summary>A batch has ended, run or not.</summary>
    public void Ended(BatchRun run)
    {
        OnDevice--;
        LastTook = time.GetElapsedTime(Math.Max(run.Began, _lastEnd), run.Ended);
        if (run.Failure is null)
        {
            Rate = Rate.With(run.Pictures.Count, BatchSize, LastTook);
        }
        else if (run.Failure is DeviceOutOfMemoryException && BatchSize > 1)
        {
            IsTooLarge = true;
        }
        else
        {
            IsFailed = true;
        }

        _lastEnd = run.Ended;
    }

    /// <summary>Loads the network again for batches of half the size. The device has no batch.</summary>
    public Task HalveAsync() => Task.Run(() => device.ShrinkAsync(BatchSize / 2));

    public void Halved()
    {
        IsTooLarge = false;
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
#pragma warning disable CA1031 // Whatever a device throws, the batch was not run.
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

/// <summary>The outcome of a batch.</summary>
/// <param name="Device">The device that it was given to.</param>
/// <param name="Pictures">Its pictures.</param>
/// <param name="Logits">[N, 1001] logits.</param>
/// <param name="Failure">Why it was not run.</param>
/// <param name="Began">A timestamp.</param>
/// <param name="Ended">A timestamp.</param>
internal sealed record BatchRun(
    DeviceQueue Device, IReadOnlyList<PictureInWork> Pictures, float[] Logits, Exception? Failure, long Began, long Ended);
