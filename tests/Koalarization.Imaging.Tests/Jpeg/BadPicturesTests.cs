
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Tests.Jpeg;

public class BadPicturesTests
{
    public static TheoryData<string, PictureFault> Refused => new()
    {
        { "empty", PictureFault.Empty },
        { "html", PictureFault.NotJpeg },
        { "png", PictureFault.NotJpeg },
        { "gif", PictureFault.NotJpeg },
        { "webp", PictureFault.NotJpeg },
        { "two_bytes", PictureFault.NotJpeg },
        { "leading_newline", PictureFault.NotJpeg },
        { "claims_65500x65500", PictureFault.TooManyPixels },
        { "flipped_bits", PictureFault.Damaged },
        { "header_only", PictureFault.Damaged },
        { "no_end_marker", PictureFault.Damaged },
        { "truncated_half", PictureFault.Damaged },
        { "truncated_last_100", PictureFault.Damaged },
        { "truncated_progressive", PictureFault.Damaged },
        { "zero_height", PictureFault.Damaged },
    };

    [TurboJpegTheory]
    [MemberData(nameof(Refused))]
    public void Each_is_refused_with_its_reason_and_the_next_good_one_decodes(string name, PictureFault fault) =>
        AssertRefused(JpegCodecs.TurboJpeg, name, fault);

    [Theory]
    [MemberData(nameof(Refused))]
    public void The_fallback_refuses_all_but_damage_that_leaves_a_whole_picture(string name, PictureFault fault)
    {
        if (name != "flipped_bits")
        {
            AssertRefused(JpegCodecs.Skia, name, fault);
        }
    }

    [TurboJpegTheory]
    [InlineData("trailing_garbage")]
    [InlineData("extraneous_bytes")]
    public void Harmless_bytes_leave_the_picture_as_it_is(string name)
    {
        using Picture expected = Decode(JpegCodecs.TurboJpeg, "pictures/coffee_500x375.jpeg");
        using Picture picture = Decode(JpegCodecs.TurboJpeg, $"bad/{name}.jpeg");
        Assert.True(expected.Pixels.SequenceEqual(picture.Pixels));
    }

    private static void AssertRefused(IJpegCodec codec, string name, PictureFault fault)
    {
        byte[] jpeg = Golden.Bytes($"bad/{name}.jpeg");
        Assert.False(codec.TryDecode(jpeg, JpegDecodeOptions.ForResizing, out Picture? picture, out PictureRefusal? refusal));
        Assert.Null(picture);
        Assert.Equal(fault, refusal.Fault);
        Decode(codec, "pictures/one_pixel.jpeg").Dispose();
    }

    private static Picture Decode(IJpegCodec codec, string name) =>
        GoldenPictures.Decode(codec, Golden.Bytes(name), JpegDecodeOptions.ForResizing);
}
