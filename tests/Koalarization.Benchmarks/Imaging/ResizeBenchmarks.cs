using System.Buffers;
using BenchmarkDotNet.Attributes;
using Koalarization.Imaging.Fitting;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;
using Koalarization.Testing;

namespace Koalarization.Benchmarks.Imaging;

/// <summary>The parts of resizing one 500 x 375 picture to 299 x 299, and the whole.</summary>
[MemoryDiagnoser]
public class ResizeBenchmarks
{
    private readonly ArrayBufferWriter<byte> _destination = new(1 << 20);
    private readonly PictureResizer _resizer = new(JpegCodecs.Default, PictureSize.Default);
    private readonly byte[] _jpeg = Golden.Bytes("pictures/coffee_500x375.jpeg");
    private readonly LanczosResampler _best = new(LanczosKernels.Best);
    private readonly LanczosResampler _avx2 = new(LanczosKernels.WithAvx2);
    private readonly LanczosResampler _scalar = new(LanczosKernels.Scalar);
    private readonly Picture _decoded;
    private readonly Picture _framed;

    public ResizeBenchmarks()
    {
        _decoded = Decode();
        _framed = new PictureFitter(PictureSize.Default).Fit(Decode());
    }

    [Benchmark]
    public void DecodeAccurate() => Decode().Dispose();

    [Benchmark]
    public void LanczosBest() => _best.Resize(_decoded, new PictureSize(299, 224)).Dispose();

    [Benchmark]
    public void LanczosAvx2() => _avx2.Resize(_decoded, new PictureSize(299, 224)).Dispose();

    [Benchmark]
    public void LanczosScalar() => _scalar.Resize(_decoded, new PictureSize(299, 224)).Dispose();

    [Benchmark]
    public int Encode()
    {
        _destination.ResetWrittenCount();
        return JpegCodecs.Default.Encode(_framed, PictureResizer.DefaultQuality, _destination);
    }

    [Benchmark(Baseline = true)]
    public bool WholeResize()
    {
        _destination.ResetWrittenCount();
        return _resizer.TryResize(_jpeg, _destination, out _, out _);
    }

    private Picture Decode() =>
        JpegCodecs.Default.TryDecode(_jpeg, JpegDecodeOptions.ForResizing, out Picture? picture, out PictureRefusal? refusal)
            ? picture
            : throw new InvalidOperationException(refusal.Detail);
}
