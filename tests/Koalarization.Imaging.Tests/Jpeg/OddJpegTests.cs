using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Tests.Jpeg;

public class OddJpegTests
{
    private static readonly JpegDecodeOptions Options = new(DctMethod.Accurate, JpegColour.Rgb);

    public static IEnumerable<object[]> WholeOnes => OddJpegs.Whole().SelectMany(odd => Codecs.Select(turbo => new object[] { odd.Name, turbo }));

    public static IEnumerable<object[]> DamagedOnes => OddJpegs.Damaged().SelectMany(odd => Codecs.Select(turbo => new object[] { odd.Name, turbo }));

    public static TheoryData<string> ArithmeticOnes => [.. OddJpegs.Arithmetic().Select(odd => odd.Name)];

    private static bool[] Codecs => JpegCodecs.TurboJpegIsAvailable ? [true, false] : [false];

    [Theory]
    [MemberData(nameof(WholeOnes))]
    public void What_has_every_block_is_kept_with_djpeg_s_pixels(string name, bool turbo)
    {
        (_, byte[] jpeg, string pixels) = OddJpegs.Whole().Single(odd => odd.Name == name);
        using Picture picture = GoldenPictures.Decode(Codec(turbo), jpeg, Options);
        Assert.Equal(pixels, GoldenPictures.Sha256(picture.Pixels));
    }

    [Theory]
    [MemberData(nameof(DamagedOnes))]
    public void What_lacks_a_block_is_damaged(string name, bool turbo)
    {
        (_, byte[] jpeg) = OddJpegs.Damaged().Single(odd => odd.Name == name);
        Assert.False(Codec(turbo).TryDecode(jpeg, Options, out _, out PictureRefusal? refusal));
        Assert.Equal(PictureFault.Damaged, refusal.Fault);
    }

    [TurboJpegTheory]
    [MemberData(nameof(ArithmeticOnes))]
    public void Arithmetic_coding_is_decoded(string name)
    {
        (_, byte[] jpeg) = OddJpegs.Arithmetic().Single(odd => odd.Name == name);
        using Picture picture = GoldenPictures.Decode(JpegCodecs.TurboJpeg, jpeg, Options);
        Assert.Equal(OddJpegs.Pixels, GoldenPictures.Sha256(picture.Pixels));
    }

    [Theory]
    [MemberData(nameof(ArithmeticOnes))]
    public void The_fallback_says_that_it_does_not_read_arithmetic_coding(string name)
    {
        (_, byte[] jpeg) = OddJpegs.Arithmetic().Single(odd => odd.Name == name);
        Assert.False(JpegCodecs.Skia.TryDecode(jpeg, Options, out _, out PictureRefusal? refusal));
        Assert.Equal(new PictureRefusal(PictureFault.Damaged, "is coded arithmetically, which SkiaSharp does not read; install libturbojpeg0"), refusal);
    }

    private static IJpegCodec Codec(bool turbo) => turbo ? JpegCodecs.TurboJpeg : JpegCodecs.Skia;
}
