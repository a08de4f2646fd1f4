using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Tests.Jpeg;

public class UnusualJpegTests
{
    [Theory]
    [InlineData(0xC1, true)]
    [InlineData(0xC3, false)]
    [InlineData(0xC5, false)]
    [InlineData(0xCB, false)]
    [InlineData(0xCD, false)]
    [InlineData(0xCF, false)]
    public void Neither_lossless_nor_hierarchical_frames_are_read(byte frameMarker, bool read)
    {
        byte[] jpeg = GoldenPictures.Picture("one_pixel");
        jpeg[FrameOffset(jpeg) + 1] = frameMarker;
        Assert.Equal(read, IsPicture(jpeg));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(16)]
    public void Other_sample_depths_are_refused(byte bits)
    {
        byte[] jpeg = GoldenPictures.Picture("one_pixel");
        jpeg[FrameOffset(jpeg) + 4] = bits;
        Assert.Equal($"has {bits} bits a sample, not 8", Refusal(jpeg).Detail);
    }

    [Fact]
    public void Two_components_are_refused()
    {
        byte[] jpeg = GoldenPictures.Picture("one_pixel");
        int frame = FrameOffset(jpeg);
        byte[] two = [.. jpeg.AsSpan(0, frame + 2), 0, 14, .. jpeg.AsSpan(frame + 4, 5), 2, .. jpeg.AsSpan(frame + 10, 6), .. jpeg.AsSpan(frame + 19)];
        Assert.Equal("has 2 components, not 1, 3 or 4", Refusal(two).Detail);
    }

    [Fact]
    public void The_limit_of_pixels_is_the_header_s_own_product()
    {
        byte[] jpeg = GoldenPictures.Picture("coffee_500x375");
        JpegDecodeOptions options = JpegDecodeOptions.ForResizing;
        Assert.False(JpegCodecs.Default.TryDecode(jpeg, options with { MaxPixels = (500 * 375) - 1 }, out _, out PictureRefusal? refusal));
        Assert.Equal(PictureFault.TooManyPixels, refusal.Fault);
        GoldenPictures.Decode(JpegCodecs.Default, jpeg, options with { MaxPixels = 500 * 375 }).Dispose();
    }

    [Fact]
    public void A_picture_that_no_array_holds_has_too_many_pixels_whatever_the_limit()
    {
        byte[] jpeg = GoldenPictures.Picture("coffee_500x375");
        int frame = FrameOffset(jpeg);
        (jpeg[frame + 5], jpeg[frame + 6], jpeg[frame + 7], jpeg[frame + 8]) = (0x80, 0, 0x80, 0);
        byte[] large = [.. jpeg[..^2], .. new byte[8 << 20], 0xFF, 0xD9];
        Assert.False(JpegCodecs.Default.TryDecode(large, JpegDecodeOptions.ForResizing with { MaxPixels = long.MaxValue }, out _, out PictureRefusal? refusal));
        Assert.Equal(new PictureRefusal(PictureFault.TooManyPixels, "says that it is 32768x32768, more than 2 GB of pixels"), refusal);
    }

    [TurboJpegFact]
    public void For_records_Adobe_CMYK_is_multiplied_by_its_stored_black()
    {
        byte[] jpeg = GoldenPictures.Picture("cat_400x300_cmyk");
        AssertRecordColours(jpeg, (ink, black) => black * ink / 255);
    }

    [TurboJpegFact]
    public void For_records_CMYK_without_Adobe_s_marker_is_inverted_first()
    {
        byte[] jpeg = GoldenPictures.Picture("cat_400x300_cmyk");
        int adobe = jpeg.AsSpan().IndexOf("Adobe"u8) - 4;
        int length = (jpeg[adobe + 2] << 8) | jpeg[adobe + 3];
        AssertRecordColours([.. jpeg.AsSpan(0, adobe), .. jpeg.AsSpan(adobe + 2 + length)], (ink, black) => (255 - black) * (255 - ink) / 255);
    }

    [TurboJpegFact]
    public void For_records_gray_is_the_same_in_three_channels()
    {
        byte[] jpeg = GoldenPictures.Picture("coins_384x303_gray_q50");
        using Picture gray = GoldenPictures.Decode(JpegCodecs.TurboJpeg, jpeg, new JpegDecodeOptions(DctMethod.Fast, JpegColour.AsStored));
        using Picture rgb = GoldenPictures.Decode(JpegCodecs.TurboJpeg, jpeg, JpegDecodeOptions.ForRecords);
        Assert.Equal(1, gray.Channels);
        Assert.Equal(gray.Pixels.ToArray().SelectMany(value => new[] { value, value, value }), rgb.Pixels.ToArray());
    }

    private static void AssertRecordColours(byte[] jpeg, Func<int, int, int> expected)
    {
        using Picture cmyk = GoldenPictures.Decode(JpegCodecs.TurboJpeg, jpeg, new JpegDecodeOptions(DctMethod.Fast, JpegColour.AsStored));
        using Picture rgb = GoldenPictures.Decode(JpegCodecs.TurboJpeg, jpeg, JpegDecodeOptions.ForRecords);
        Assert.Equal(4, cmyk.Channels);
        for (int pixel = 0; pixel < cmyk.Width * cmyk.Height; pixel++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                int value = expected(cmyk.Pixels[(4 * pixel) + channel], cmyk.Pixels[(4 * pixel) + 3]);
                Assert.True(value == rgb.Pixels[(3 * pixel) + channel], $"pixel {pixel}, channel {channel}");
            }
        }
    }

    private static bool IsPicture(byte[] jpeg)
    {
        bool done = JpegCodecs.Default.TryDecode(jpeg, JpegDecodeOptions.ForResizing, out Picture? picture, out _);
        picture?.Dispose();
        return done;
    }

    private static PictureRefusal Refusal(byte[] jpeg)
    {
        Assert.False(JpegCodecs.Default.TryDecode(jpeg, JpegDecodeOptions.ForResizing, out _, out PictureRefusal? refusal));
        Assert.Equal(PictureFault.Damaged, refusal.Fault);
        return refusal;
    }

    private static int FrameOffset(byte[] jpeg) => jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
}
