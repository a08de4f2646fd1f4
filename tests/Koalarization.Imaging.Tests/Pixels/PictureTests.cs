using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Tests.Pixels;

public class PictureTests
{
    [Fact]
    public void Pixels_are_packed_without_padding()
    {
        using Picture picture = Picture.Rent(7, 5, 3);
        Assert.Equal(7 * 5 * 3, picture.Pixels.Length);
        picture.Row(4)[20] = 9;
        Assert.Equal(9, picture.Pixels[^1]);
    }

    [Fact]
    public void A_disposed_picture_has_no_pixels_any_more()
    {
        Picture picture = Picture.Rent(2, 2, 1);
        picture.Dispose();
        picture.Dispose();
        Assert.Throws<ObjectDisposedException>(() => picture.Pixels.Length);
    }

    [Theory]
    [InlineData(0, 1, 3)]
    [InlineData(1, 0, 3)]
    [InlineData(1, 1, 0)]
    [InlineData(1, 1, 5)]
    [InlineData(65535, 65535, 3)]
    public void Sizes_that_no_array_holds_are_refused(int width, int height, int channels) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Picture.Rent(width, height, channels));
}
