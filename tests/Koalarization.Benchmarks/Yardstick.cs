using Koalarization.Testing;
using Microsoft.ML.OnnxRuntime;

namespace Koalarization.Benchmarks;

/// <summary>The network alone under ONNX Runtime, with golden's weights in fp32 and on all cores.</summary>
internal sealed class Yardstick : IDisposable
{
    private readonly SessionOptions _options = new() { IntraOpNumThreads = Environment.ProcessorCount };
    private readonly RunOptions _run = new();
    private readonly InferenceSession _session;
    private readonly OrtValue _images;

    /// <param name="images">[batch, 3, 299, 299].</param>
    /// <param name="batch">Pictures in a batch.</param>
    public Yardstick(float[] images, int batch)
    {
        _session = new InferenceSession(Golden.Unpacked("yardstick.onnx"), _options);
        _images = OrtValue.CreateTensorValueFromMemory(images, [batch, 3, 299, 299]);
    }

    /// <summary>A batch of nothing: it takes as long as any other.</summary>
    public static Yardstick OfBatch(int batch) => new(new float[batch * 3 * 299 * 299], batch);

    /// <summary>Runs a batch.</summary>
    public void Run() => _session.Run(_run, ["images"], [_images], ["logits"]).Dispose();

    public void Dispose()
    {
        _images.Dispose();
        _session.Dispose();
        _run.Dispose();
        _options.Dispose();
    }
}
