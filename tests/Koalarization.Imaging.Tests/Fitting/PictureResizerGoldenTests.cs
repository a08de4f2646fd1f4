using System.Buffers;
using Koalarization.Imaging.Fitting;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Tests.Fitting;

public class PictureResizerGoldenTests
{
    public static TheoryData<string, int, int> Lists => new()
    {
        { "resized_299x299/pixels.csv", 299, 299 },
        { "resized_320x200/pixels.csv", 320, 200 },
    };

    [TurboJpegTheory]
    [MemberData(nameof(Lists))]
    public void Pixels_and_file_bytes_are_the_original_s(string list, int width, int height)
    {
        var size = new PictureSize(width, height);
        var fitter = new PictureFitter(size);
        var resizer = new PictureResizer(JpegCodecs.TurboJpeg, size);
        var wrong = new List<string>();
        foreach (string[] row in GoldenPictures.Rows(list))
        {
            byte[] jpeg = GoldenPictures.Picture(row[0]);
            using Picture pixels = fitter.Fit(GoldenPictures.Decode(JpegCodecs.TurboJpeg, jpeg, JpegDecodeOptions.ForResizing));
            var file = new ArrayBufferWriter<byte>();
            Assert.True(resizer.TryResize(jpeg, file, out _, out PictureRefusal? refusal), refusal?.Detail);
            if (GoldenPictures.Sha256(pixels.Pixels) != row[1])
            {
                wrong.Add(row[0] + " pixels");
            }

            if (GoldenPictures.Sha256(file.WrittenSpan) != row[2])
            {
                wrong.Add(row[0] + " file");
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void The_fallback_gives_the_original_s_pixels_but_of_CMYK(string list, int width, int height)
    {
        var fitter = new PictureFitter(new PictureSize(width, height));
        IEnumerable<string> wrong = GoldenPictures.Rows(list)
            .Where(row => !row[0].Contains("cmyk", StringComparison.Ordinal))
            .Where(row =>
            {
                byte[] jpeg = GoldenPictures.Picture(row[0]);
                using Picture pixels = fitter.Fit(GoldenPictures.Decode(JpegCodecs.Skia, jpeg, JpegDecodeOptions.ForResizing));
                return GoldenPictures.Sha256(pixels.Pixels) != row[1];
            })
            .Select(row => row[0]);
        Assert.Empty(wrong);
    }
}
