
using Koalarization.Imaging.Pixels;
using Koalarization.Imaging.Rescaling;

namespace Koalarization.Imaging.Tests.Rescaling;

public class BilinearRescalerTests
{
    [Theory]
    [InlineData("astronaut_512x512_444")]
    [InlineData("coffee_500x375")]
    [InlineData("noise_301x517")]
    public void From_299_to_224_is_the_original_s(string name)
    {
        using Picture picture = Picture.Rent(299, 299, 3);
        Golden.Bytes($"rescale/{name}_299.u8").CopyTo(picture.Pixels);
        var found = new double[224 * 224 * 3];
        BilinearRescaler.Rescale(picture, 224, found);
        float[] expected = Golden.Floats($"rescale/{name}_224.f32");
        double worst = found.Zip(expected, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst < 1e-6, $"off by {worst}");
    }

    [Fact]
    public void The_same_size_gives_the_same_picture()
    {
        using Picture picture = Picture.Rent(5, 5, 3);
        RandomBytes.Of(5, 75).CopyTo(picture.Pixels);
        var found = new double[75];
        BilinearRescaler.Rescale(picture, 5, found);
        Assert.Equal(picture.Pixels.ToArray().Select(value => value / 255.0), found);
    }

    [Fact]
    public void Outside_the_picture_is_black()
    {
        using Picture white = Picture.Rent(1, 1, 3);
        white.Pixels.Fill(255);
        var found = new double[2 * 2 * 3];
        BilinearRescaler.Rescale(white, 2, found);

        // Positions -0.25 and 0.25: three quarters of the pixel along each axis.
        Assert.All(found, value => Assert.Equal(0.5625, value, 12));
    }
}
