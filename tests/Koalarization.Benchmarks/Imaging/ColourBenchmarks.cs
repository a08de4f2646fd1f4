using BenchmarkDotNet.Attributes;
using Koalarization.Imaging.Colour;
using Koalarization.Imaging.Colour.Lanes;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;
using Koalarization.Testing;

namespace Koalarization.Benchmarks.Imaging;

/// <summary>What a record needs of one 299 x 299 picture besides the network.</summary>
public class ColourBenchmarks
{
    private const int Pixels = 299 * 299;

    private readonly byte[] _jpeg = Golden.Bytes("resized_299x299/files/coffee_500x375.jpeg");
    private readonly byte[] _gray = new byte[Pixels];
    private readonly float[] _luminance = new float[Pixels];
    private readonly float[] _ab = new float[2 * Pixels];
    private readonly byte[] _rgb;

    public ColourBenchmarks()
    {
        using Picture picture = Decode();
        _rgb = picture.Pixels.ToArray();
    }

    [Benchmark]
    public void DecodeFast() => Decode().Dispose();

    [Benchmark]
    public void Gray() => GrayConverter.Convert(_rgb, _gray);

    [Benchmark]
    public void Lab() => LabConverter.Convert(_rgb, _luminance, _ab);

    [Benchmark]
    public int LabScalar() => FastLab.Convert<OneFloat>(_rgb, _luminance, _ab);

    [Benchmark]
    public void LabExact() => LabConverter.ConvertExact(_rgb, _luminance, _ab);

    private Picture Decode() =>
        JpegCodecs.Default.TryDecode(_jpeg, JpegDecodeOptions.ForRecords, out Picture? picture, out PictureRefusal? refusal)
            ? picture
            : throw new InvalidOperationException(refusal.Detail);
}
