
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
    public void The_fallback_refuses_the_same(string name, PictureFault fault) => AssertRefused(JpegCodecs.Skia, name, fault);

    public static TheoryData<string, bool> Whole => new()
    {
        { "trailing_garbage", true },
        { "extraneous_bytes", true },
        { "no_end_marker", true },
        { "trailing_garbage", false },
        { "extraneous_bytes", false },
        { "no_end_marker", false },
    };

    [TurboJpegTheory]
    [MemberData(nameof(Whole))]
    public void What_costs_no_block_leaves_the_picture_as_it_is(string name, bool turbo)
    {
        IJpegCodec codec = turbo ? JpegCodecs.TurboJpeg : JpegCodecs.Skia;
        using Picture expected = Decode(codec, "pictures/coffee_500x375.jpeg");
        using Picture picture = Decode(codec, $"bad/{name}.jpeg");
        Assert.True(expected.Pixels.SequenceEqual(picture.Pixels));
    }

    [TurboJpegTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void By_the_first_rule_a_picture_without_its_end_marker_is_damaged(bool turbo)
    {
        IJpegCodec codec = turbo ? JpegCodecs.TurboJpeg : JpegCodecs.Skia;
        JpegDecodeOptions options = JpegDecodeOptions.ForResizing with { Rule = PictureRule.WithoutWarnings };
        Assert.False(codec.TryDecode(Golden.Bytes("bad/no_end_marker.jpeg"), options, out _, out PictureRefusal? refusal));
        Assert.Equal(PictureFault.Damaged, refusal.Fault);
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
