using Koalarization.Dataset.Composition;

namespace Koalarization.Dataset.Tests.Composition;

public sealed class PictureColoursTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(299 * 299)]
    [InlineData(224 * 224)]
    public void Sums_are_of_L_a_and_b_in_their_own_units(int pixels)
    {
        (float[] luminance, float[] ab) = Picture(pixels, seed: 1);
        double l = 0, a = 0, b = 0, ll = 0, aa = 0, bb = 0, chroma = 0;
        for (int i = 0; i < pixels; i++)
        {
            double light = 50 * (luminance[i] + 1.0), first = 127.0 * ab[2 * i], second = 127.0 * ab[(2 * i) + 1];
            (l, a, b) = (l + light, a + first, b + second);
            (ll, aa, bb) = (ll + (light * light), aa + (first * first), bb + (second * second));
            chroma += Math.Sqrt((first * first) + (second * second));
        }

        PictureColours colours = PictureColours.Of(luminance, ab);

        Assert.Equal(pixels, colours.Statistics.Pixels);
        AssertClose(new LabSums(l, a, b), colours.Statistics.Sums, pixels);
        AssertClose(new LabSums(ll, aa, bb), colours.Statistics.Squares, 10_000.0 * pixels);
        Assert.Equal(chroma / pixels, colours.Chroma, tolerance: 0.0051);
    }

    [Fact]
    public void A_gray_picture_has_no_chroma_and_a_white_one_is_light()
    {
        PictureColours white = PictureColours.Of([1, 1, 1, 1, 1], new float[10]);
        Assert.Equal(0, white.Chroma);
        Assert.Equal(new ColourStatistics(5, new LabSums(500, 0, 0), new LabSums(50_000, 0, 0)), white.Statistics);
    }

    [Fact]
    public void Chroma_has_four_digits() => Assert.Equal(0.1422, PictureColours.Of([0], [0.001f, 0.0005f]).Chroma, tolerance: 0.0003);

    [Fact]
    public void The_same_pixels_give_the_same_bits_wherever_they_lie()
    {
        (float[] luminance, float[] ab) = Picture(299 * 299, seed: 2);
        PictureColours expected = PictureColours.Of(luminance, ab);
        for (int offset = 1; offset < 5; offset++)
        {
            var moved = new float[luminance.Length + offset];
            var movedAb = new float[ab.Length + offset];
            luminance.CopyTo(moved, offset);
            ab.CopyTo(movedAb, offset);
            Assert.Equal(expected, PictureColours.Of(moved.AsSpan(offset), movedAb.AsSpan(offset)));
        }
    }

    private static void AssertClose(LabSums expected, LabSums actual, double scale)
    {
        Assert.Equal(expected.L, actual.L, tolerance: 1e-9 * scale);
        Assert.Equal(expected.A, actual.A, tolerance: 1e-9 * scale);
        Assert.Equal(expected.B, actual.B, tolerance: 1e-9 * scale);
    }

    private static (float[] Luminance, float[] Ab) Picture(int pixels, int seed)
    {
        var random = new Random(seed);
        return ([.. Enumerable.Range(0, pixels).Select(_ => (2 * random.NextSingle()) - 1)], [.. Enumerable.Range(0, 2 * pixels).Select(_ => (2 * random.NextSingle()) - 1)]);
    }
}
