
using Koalarization.Imaging.Colour;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Tests.Jpeg;

public class DecodeGoldenTests
{
    [TurboJpegFact]
    public void Pixels_are_TensorFlow_s_with_both_DCTs()
    {
        var wrong = new List<string>();
        foreach (string[] row in GoldenPictures.Rows("decode/resized_299x299.csv"))
        {
            byte[] jpeg = Golden.Bytes("resized_299x299/files/" + row[0]);
            using Picture fast = GoldenPictures.Decode(JpegCodecs.TurboJpeg, jpeg, JpegDecodeOptions.ForRecords);
            using Picture accurate = GoldenPictures.Decode(JpegCodecs.TurboJpeg, jpeg, new JpegDecodeOptions(DctMethod.Accurate, JpegColour.Rgb));
            var gray = new byte[fast.Width * fast.Height];
            GrayConverter.Convert(fast.Pixels, gray);
            string[] found = [GoldenPictures.Sha256(fast.Pixels), GoldenPictures.Sha256(accurate.Pixels), GoldenPictures.Sha256(gray)];
            if (!found.SequenceEqual(row.Skip(2)))
            {
                wrong.Add(row[0]);
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void The_fallback_gives_the_accurate_pixels()
    {
        foreach (string[] row in GoldenPictures.Rows("decode/resized_299x299.csv"))
        {
            byte[] jpeg = Golden.Bytes("resized_299x299/files/" + row[0]);
            using Picture picture = GoldenPictures.Decode(JpegCodecs.Skia, jpeg, JpegDecodeOptions.ForRecords);
            Assert.True(row[3] == GoldenPictures.Sha256(picture.Pixels), row[0]);
        }
    }
}
