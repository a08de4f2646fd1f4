using System.Runtime.Intrinsics.X86;
using FsCheck.Xunit;
using Koalarization.Imaging.Colour;
using Koalarization.Imaging.Colour.Lanes;

namespace Koalarization.Imaging.Tests.Colour;

public class LabConverterTests
{
    [Fact]
    public void The_exact_path_gives_the_original_s_values()
    {
        (float[] found, float[] expected) = Golden32167(LabConverter.ConvertExact);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void The_exact_path_takes_colours_between_bytes()
    {
        byte[] rgb = Golden.Bytes("lab/colours.u8");
        double[] rgb01 = [.. rgb.Select(value => value / 255.0)];
        int pixels = rgb.Length / 3;
        var luminance = new float[pixels];
        var ab = new float[2 * pixels];
        LabConverter.ConvertExact(rgb01, luminance, ab);
        Assert.Equal(Golden.Floats("lab/colours_l_a_b.f32"), Interleave(luminance, ab));
    }

    [Fact]
    public void The_fast_path_is_within_a_hundred_thousandth()
    {
        (float[] found, float[] expected) = Golden32167(LabConverter.Convert);
        double worst = found.Zip(expected, (a, b) => Math.Abs((double)a - b)).Max();
        Assert.True(worst < 1e-5, $"off by {worst}");
    }

    [Fact]
    public void The_fast_path_is_within_a_hundred_thousandth_for_every_seventh_colour()
    {
        const int pixels = (1 << 24) / 7;
        var rgb = new byte[3 * pixels];
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            int colour = 7 * pixel;
            (rgb[3 * pixel], rgb[(3 * pixel) + 1], rgb[(3 * pixel) + 2]) = ((byte)(colour >> 16), (byte)(colour >> 8), (byte)colour);
        }

        (float[] fast, float[] exact) = (Run(LabConverter.Convert, rgb), Run(LabConverter.ConvertExact, rgb));
        double worst = 0;
        for (int i = 0; i < fast.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs((double)fast[i] - exact[i]));
        }

        Assert.True(worst < 1e-5, $"off by {worst}");
    }

    [Property(MaxTest = 200)]
    public void Vectors_give_the_scalar_path_s_bits(int seed)
    {
        int pixels = new Random(seed).Next(1000);
        byte[] rgb = RandomBytes.Of(seed, 3 * pixels);
        var luminance = new float[pixels];
        var ab = new float[2 * pixels];
        FastLab.Convert<OneFloat>(rgb, luminance, ab);
        float[] expected = Interleave(luminance, ab);
        Assert.Equal(expected, Run(LabConverter.Convert, rgb));
        if (Avx2.IsSupported && Fma.IsSupported)
        {
            int done = FastLab.Convert<EightFloats>(rgb, luminance, ab);
            Assert.Equal(expected[..(3 * done)], Interleave(luminance, ab)[..(3 * done)]);
        }
    }

    [Fact]
    public void Spans_of_the_wrong_length_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LabConverter.Convert(new byte[6], new float[1], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => LabConverter.Convert(new byte[6], new float[2], new float[3]));
    }

    private delegate void Conversion(ReadOnlySpan<byte> rgb, Span<float> luminance, Span<float> ab);

    private static (float[] Found, float[] Expected) Golden32167(Conversion convert)
    {
        byte[] rgb = Golden.Bytes("lab/colours.u8");
        Assert.Equal(32167 * 3, rgb.Length);
        return (Run(convert, rgb), Golden.Floats("lab/colours_l_a_b.f32"));
    }

    private static float[] Run(Conversion convert, byte[] rgb)
    {
        var luminance = new float[rgb.Length / 3];
        var ab = new float[2 * luminance.Length];
        convert(rgb, luminance, ab);
        return Interleave(luminance, ab);
    }

    private static float[] Interleave(float[] luminance, float[] ab)
    {
        var all = new float[3 * luminance.Length];
        for (int i = 0; i < luminance.Length; i++)
        {
            (all[3 * i], all[(3 * i) + 1], all[(3 * i) + 2]) = (luminance[i], ab[2 * i], ab[(2 * i) + 1]);
        }

        return all;
    }
}
