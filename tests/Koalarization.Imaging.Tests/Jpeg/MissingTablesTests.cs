using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Tests.Jpeg;

/// <summary>JPEGs without their own tables, before and after others: libjpeg keeps tables in its object.</summary>
public class MissingTablesTests
{
    private static readonly string[] Others =
        ["raccoon_431x287_optimized", "raccoon_1024x768_progressive", "cat_400x300_cmyk", "camera_512x512_gray", "motorcycle_640x480_q10"];

    public static TheoryData<bool> Codecs => JpegCodecs.TurboJpegIsAvailable ? new TheoryData<bool>(true, false) : new TheoryData<bool>(false);

    // djpeg and Pillow: the pixels of the whole file, whose tables are the standard ones.
    [Theory]
    [MemberData(nameof(Codecs))]
    public void Without_Huffman_tables_the_standard_ones_are_used_whatever_came_before(bool turbo)
    {
        IJpegCodec codec = Codec(turbo);
        byte[] whole = GoldenPictures.Picture("coffee_500x375");
        using Picture expected = GoldenPictures.Decode(codec, whole, JpegDecodeOptions.ForResizing);
        byte[] jpeg = JpegParts.Without(whole, 0xC4);
        foreach (byte[] other in OtherPictures(jpeg))
        {
            GoldenPictures.Decode(codec, other, JpegDecodeOptions.ForResizing).Dispose();
            using Picture found = GoldenPictures.Decode(codec, jpeg, JpegDecodeOptions.ForResizing);
            Assert.True(expected.Pixels.SequenceEqual(found.Pixels));
        }
    }

    // djpeg: "Quantization table 0x00 was not defined"; Pillow: "broken data stream".
    [Theory]
    [MemberData(nameof(Codecs))]
    public void Without_quantisation_tables_it_is_damaged_whatever_came_before(bool turbo)
    {
        IJpegCodec codec = Codec(turbo);
        byte[] whole = GoldenPictures.Picture("coffee_500x375");
        byte[] jpeg = JpegParts.Without(whole, 0xDB);
        foreach (byte[] other in OtherPictures(whole))
        {
            GoldenPictures.Decode(codec, other, JpegDecodeOptions.ForResizing).Dispose();
            Assert.False(codec.TryDecode(jpeg, JpegDecodeOptions.ForResizing, out _, out PictureRefusal? refusal));
            Assert.Equal(PictureFault.Damaged, refusal.Fault);
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_progressive_one_needs_its_Huffman_tables(bool turbo)
    {
        GoldenPictures.Decode(Codec(turbo), GoldenPictures.Picture("raccoon_1024x768_progressive"), JpegDecodeOptions.ForResizing).Dispose();
        byte[] jpeg = JpegParts.Without(GoldenPictures.Picture("raccoon_1024x768_progressive"), 0xC4);
        Assert.False(Codec(turbo).TryDecode(jpeg, JpegDecodeOptions.ForResizing, out _, out PictureRefusal? refusal));
        Assert.Equal(PictureFault.Damaged, refusal.Fault);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Each_comes_to_one_end_on_many_threads(bool turbo)
    {
        IJpegCodec codec = Codec(turbo);
        byte[] whole = GoldenPictures.Picture("coffee_500x375");
        byte[] noHuffman = JpegParts.Without(whole, 0xC4), noQuantisation = JpegParts.Without(whole, 0xDB);
        string expected = Hash(codec, whole)!;
        Parallel.For(0, 120, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            (byte[] jpeg, string? outcome) = (i % 3) switch
            {
                0 => (noHuffman, expected),
                1 => (noQuantisation, null),
                _ => (GoldenPictures.Picture(Others[i % Others.Length]), "any"),
            };
            string? found = Hash(codec, jpeg);
            Assert.Equal(outcome, outcome == "any" ? "any" : found);
        });
    }

    private static IEnumerable<byte[]> OtherPictures(byte[] first) => [first, .. Others.Select(GoldenPictures.Picture)];

    private static IJpegCodec Codec(bool turbo) => turbo ? JpegCodecs.TurboJpeg : JpegCodecs.Skia;

    private static string? Hash(IJpegCodec codec, byte[] jpeg)
    {
        if (!codec.TryDecode(jpeg, JpegDecodeOptions.ForResizing, out Picture? picture, out _))
        {
            return null;
        }

        using (picture)
        {
            return GoldenPictures.Sha256(picture.Pixels);
        }
    }
}
