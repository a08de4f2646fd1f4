using System.Diagnostics;
using Koalarization.Checkpoints;
using Koalarization.Inception;
using Koalarization.Inception.Devices;
using Koalarization.Inception.Weights;
using Koalarization.Testing;

namespace Koalarization.Benchmarks;

/// <summary>
/// The network alone against ONNX Runtime on the same weights and pictures, by turns: <c>inception [ROUNDS] [BATCH] [PRECISION]</c>;
/// or our memory over many batches: <c>inception memory [BATCHES]</c>.
/// </summary>
internal static class InceptionBenchmark
{
    private const int Pixels = InceptionResNetV2Shape.PicturePixels;

    public static void Run(string[] args)
    {
        if (args is ["memory", ..])
        {
            Memory(args.Length > 1 ? int.Parse(args[1]) : 1000);
            return;
        }

        int rounds = args.Length > 0 ? int.Parse(args[0]) : 12;
        int batch = args.Length > 1 ? int.Parse(args[1]) : 8;
        EmbedPrecision precision = args.Length > 2 ? Enum.Parse<EmbedPrecision>(args[2], ignoreCase: true) : EmbedPrecision.Fp32;

        byte[] gray = Pictures(batch);
        using Checkpoint checkpoint = Checkpoint.Open(Golden.Unpacked("checkpoints/full_v1.ckpt"));
        var loading = Stopwatch.StartNew();
        using IEmbedder ours = Embedders.Create(new CheckpointWeights(checkpoint), new EmbedderOptions(EmbedDevice.Cpu, precision, batch));
        Console.WriteLine($"loaded, folded and packed in {loading.Elapsed.TotalSeconds:f2} s, {ours.Identity.Precision}, batch {batch}");

        using var yardstick = new Yardstick(ThreeChannels(gray), batch);
        string[] names = Names(batch);
        var logits = new float[batch * InceptionResNetV2Shape.Logits];
        var ourSeconds = new List<double>();
        var theirSeconds = new List<double>();
        for (int round = 0; round <= rounds; round++)
        {
            double our = Seconds(() => ours.Embed(names, gray, logits));
            double their = Seconds(yardstick.Run);

            // The first round warms both up.
            if (round > 0)
            {
                ourSeconds.Add(our);
                theirSeconds.Add(their);
                Console.WriteLine($"ours {batch / our:f2} img/s   ONNX Runtime {batch / their:f2} img/s");
            }
        }

        double best = theirSeconds.Min() / ourSeconds.Min();
        double median = Median(theirSeconds) / Median(ourSeconds);
        Console.WriteLine($"best   ours {batch / ourSeconds.Min():f2}   ONNX Runtime {batch / theirSeconds.Min():f2}   ratio {best:f3}");
        Console.WriteLine($"median ours {batch / Median(ourSeconds):f2}   ONNX Runtime {batch / Median(theirSeconds):f2}   ratio {median:f3}");
    }

    private static void Memory(int batches)
    {
        const int batch = 8;
        byte[] gray = Pictures(batch);
        using IEmbedder embedder = Embedders.Create(new RandomWeights(1), new EmbedderOptions(EmbedDevice.Cpu, BatchSize: batch));
        string[] names = Names(batch);
        var logits = new float[batch * InceptionResNetV2Shape.Logits];
        for (int i = 0; i <= batches; i++)
        {
            embedder.Embed(names, gray, logits);
            if (i % Math.Max(1, batches / 10) == 0)
            {
                Console.WriteLine($"batch {i}: {Environment.WorkingSet >> 20} MB resident, {TorchSharp.torch.Tensor.TotalCount} tensors");
            }
        }
    }

    /// <summary>
    /// One side's turn. It begins after a pause: threads of the other side's pool go on spinning for a while after its last run.
    /// </summary>
    private static double Seconds(Action turn)
    {
        Thread.Sleep(300);
        long start = Stopwatch.GetTimestamp();
        turn();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i}.jpeg")];

    private static byte[] Pictures(int count)
    {
        var gray = new byte[count * Pixels];
        new Random(1).NextBytes(gray);
        return gray;
    }

    private static float[] ThreeChannels(byte[] gray)
    {
        var images = new float[gray.Length * 3];
        for (int i = 0; i < images.Length; i++)
        {
            (int picture, int place) = Math.DivRem(i, 3 * Pixels);
            images[i] = 2 * (gray[picture * Pixels + place % Pixels] / 255f) - 1;
        }

        return images;
    }
}
