using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Tests.Jpeg;

public class OddJpegTests
{
    private static readonly JpegDecodeOptions Options = new(DctMethod.Accurate, JpegColour.Rgb);

    public static IEnumerable<object[]> WholeOnes => OddJpegs.Whole().SelectMany(odd => Codecs.Select(turbo => new object[] { odd.Name, turbo }));

    public static IEnumerable<object[]> DamagedOnes => OddJpegs.Damaged().SelectMany(odd => Codecs.Select(turbo => new object[] { odd.Name, turbo }));

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

    private static IJpegCodec Codec(bool turbo) => turbo ? JpegCodecs.TurboJpeg : JpegCodecs.Skia;
}
