using Koalarization.Inception;
using Koalarization.Inception.Devices;
using Koalarization.Inception.Weights;
using Koalarization.Koala.Commands;
using Koalarization.Koala.LabBatch;

namespace Koalarization.Koala.BenchEmbed;

/// <summary>Measures the network on a device as the pipeline runs it: on the same threads, with as many batches at once.</summary>
internal sealed class EmbedBench(INetworkWeights weights, EmbedDevice device, BenchPictures pictures, TimeSpan duration, TimeProvider time)
{
    private const int BatchesAlone = 5;

    /// <summary>The logits of the first pictures.</summary>
    public async Task<float[]> LogitsAsync(EmbedderOptions options, int count, CancellationToken cancellation)
    {
        await using Network network = NewNetwork(options);
        network.StopOn(cancellation);
        await using InferenceThreads threads = await network.StartAsync();
        return await FirstAsync(threads, count);
    }

    /// <summary>Measures one precision and batch size.</summary>
    /// <param name="precision">The numbers.</param>
    /// <param name="batch">Pictures in a batch.</param>
    /// <param name="exact">The logits of the first pictures in fp32 on the CPU.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<EmbedMeasured> MeasureAsync(EmbedPrecision precision, int batch, float[] exact, CancellationToken cancellation)
    {
        var phases = new EmbedPhases();
        string name = ChoiceOption<EmbedPrecision>.NameOf(precision);
        await using Network network = NewNetwork(new EmbedderOptions(device, precision, batch, Phases: phases));
        network.StopOn(cancellation);
        try
        {
            await using InferenceThreads threads = await network.StartAsync();
            if (threads.BatchSize < batch)
            {
                return new EmbedMeasured(name, batch, 0, 0, null, null, null, 0, 0, "does not fit into the device's memory");
            }

            float[] logits = await FirstAsync(threads, exact.Length / InceptionResNetV2Shape.Logits);
            double rate = await RateAsync(threads, cancellation);
            long memory = device.Kind == EmbedDeviceKind.Cuda ? CudaDevice.MemoryInUse(device.Index) : Environment.WorkingSet;

            phases.IsMeasuring = true;
            long start = time.GetTimestamp();
            for (int i = 0; i < BatchesAlone; i++)
            {
                await RunAsync(threads, batch);
                cancellation.ThrowIfCancellationRequested();
            }

            double alone = time.GetElapsedTime(start).TotalMilliseconds / BatchesAlone;
            double? Part(TimeSpan part) => device.Kind == EmbedDeviceKind.Cuda ? part.TotalMilliseconds / BatchesAlone : null;
            return new EmbedMeasured(
                name, batch, rate, alone, Part(phases.Upload), Part(phases.Network), Part(phases.Download), LargestDifference(logits, exact), memory);
        }
        catch (Exception exception) when (DeviceMemory.IsExhausted(exception))
        {
            return new EmbedMeasured(name, batch, 0, 0, null, null, null, 0, 0, "does not fit into the device's memory");
        }
    }

    private static double LargestDifference(float[] logits, float[] exact) =>
        logits.Zip(exact, (one, other) => (double)Math.Abs(one - other)).Max();

    private Network NewNetwork(EmbedderOptions options) => new(weights, options, [options.Device], checkpoint: null, weights.Identity);

    // The same number of batches waits behind those that run, so that none is waited for.
    private async Task<double> RateAsync(InferenceThreads threads, CancellationToken cancellation)
    {
        int batch = threads.BatchSize;
        var running = new Queue<Task>();
        for (int i = 0; i < 2 * threads.Count; i++)
        {
            running.Enqueue(RunAsync(threads, batch));
        }

        await running.Dequeue();
        long start = time.GetTimestamp(), done = 0;
        while (time.GetElapsedTime(start) < duration || done < 2)
        {
            cancellation.ThrowIfCancellationRequested();
            running.Enqueue(RunAsync(threads, batch));
            await running.Dequeue();
            done++;
        }

        double seconds = time.GetElapsedTime(start).TotalSeconds;
        await Task.WhenAll(running);
        return done * batch / seconds;
    }

    private async Task<float[]> FirstAsync(InferenceThreads threads, int count)
    {
        var logits = new List<float>();
        foreach (int[] batch in Enumerable.Range(0, count).Chunk(threads.BatchSize))
        {
            logits.AddRange(await RunAsync(threads, batch.Length, batch[0]));
        }

        return [.. logits];
    }

    private Task<float[]> RunAsync(InferenceThreads threads, int count, int first = 0) => threads.EmbedAsync(
        new string[count], pictures.Gray.Slice(first * InceptionResNetV2Shape.PicturePixels, count * InceptionResNetV2Shape.PicturePixels));
}
