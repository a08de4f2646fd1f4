using System.Security.Cryptography;
using System.Text;
using Koalarization.Inception.Weights;

namespace Koalarization.Inception.Devices;

/// <summary>Takes the time that a network of a given rate would take, and makes logits up from a picture's name alone.</summary>
internal sealed class SimulatedEmbedder(EmbedderOptions options, int batchSize, TimeProvider clock) : IEmbedder
{
    public EmbedderIdentity Identity { get; } = new("simulated", IsRandom: true, options.Precision, options.Device.ToString(), "simulated");

    public int BatchSize => batchSize;

    public void Embed(IReadOnlyList<string> names, ReadOnlySpan<byte> gray, Span<float> logits, CancellationToken cancellation = default)
    {
        BatchShape.Check(names.Count, BatchSize, gray.Length, logits.Length);
        Wait(TimeSpan.FromSeconds(names.Count / options.Device.PicturesPerSecond), cancellation);
        for (int i = 0; i < names.Count; i++)
        {
            MakeUp(names[i], logits.Slice(i * InceptionResNetV2Shape.Logits, InceptionResNetV2Shape.Logits));
        }
    }

    public void Dispose()
    {
    }

    private static void MakeUp(string name, Span<float> logits)
    {
        ulong start = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        for (int i = 0; i < logits.Length; i++)
        {
            logits[i] = 4 * SplitMix64.Uniform(start, i);
        }
    }

    private void Wait(TimeSpan time, CancellationToken cancellation)
    {
        using var elapsed = new ManualResetEventSlim();
        using ITimer timer = clock.CreateTimer(_ => elapsed.Set(), null, time, Timeout.InfiniteTimeSpan);
        elapsed.Wait(cancellation);
    }
}
