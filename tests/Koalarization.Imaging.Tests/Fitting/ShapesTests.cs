using System.Buffers;
using Koalarization.Imaging.Fitting;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Imaging.Tests.Fitting;

/// <summary>Shapes and codings that the golden pictures lack; what is expected was made by Pillow (Shapes/make_shapes.py).</summary>
public class ShapesTests
{
    private static readonly PictureSize[] Targets = [new(299, 299), new(320, 200)];

    [TurboJpegFact]
    public void Every_shape_gives_Pillow_s_pixels_and_file()
    {
        var wrong = new List<string>();
        int pictures = 0;
        foreach (string[] row in Expected())
        {
            pictures++;
            byte[] jpeg = File.ReadAllBytes(PathOf(row[0] + ".jpeg"));
            for (int i = 0; i < Targets.Length; i++)
            {
                using Picture pixels = new PictureFitter(Targets[i])
                    .Fit(GoldenPictures.Decode(JpegCodecs.TurboJpeg, jpeg, JpegDecodeOptions.ForResizing));
                var file = new ArrayBufferWriter<byte>();
                Assert.True(new PictureResizer(JpegCodecs.TurboJpeg, Targets[i]).TryResize(jpeg, file, out _, out _));
                if (GoldenPictures.Sha256(pixels.Pixels) != row[1 + (2 * i)] || GoldenPictures.Sha256(file.WrittenSpan) != row[2 + (2 * i)])
                {
                    wrong.Add($"{row[0]} to {Targets[i]}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(17, pictures);
    }

    [Fact]
    public void The_fallback_gives_the_pixels_but_of_four_channels()
    {
        IEnumerable<string> wrong = Expected()
            .Where(row => !row[0].Contains("cmyk", StringComparison.Ordinal) && !row[0].Contains("ycck", StringComparison.Ordinal))
            .Where(row =>
            {
                byte[] jpeg = File.ReadAllBytes(PathOf(row[0] + ".jpeg"));
                using Picture pixels = new PictureFitter(Targets[0])
                    .Fit(GoldenPictures.Decode(JpegCodecs.Skia, jpeg, JpegDecodeOptions.ForResizing));
                return GoldenPictures.Sha256(pixels.Pixels) != row[1];
            })
            .Select(row => row[0]);
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("cmyk_40x30_enlarged")]
    [InlineData("ycck_20x400")]
    public void The_fallback_makes_something_of_four_channels(string name)
    {
        byte[] jpeg = File.ReadAllBytes(PathOf(name + ".jpeg"));
        using Picture picture = GoldenPictures.Decode(JpegCodecs.Skia, jpeg, JpegDecodeOptions.ForResizing);
        Assert.Equal(3, picture.Channels);
    }

    [TurboJpegFact]
    public void Resizing_on_many_threads_at_once_gives_the_same_bytes()
    {
        var resizer = new PictureResizer(JpegCodecs.TurboJpeg, Targets[0]);
        (byte[] Jpeg, string Expected)[] pictures = [.. Expected().Select(row => (File.ReadAllBytes(PathOf(row[0] + ".jpeg")), row[2]))];
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            (byte[] jpeg, string expected) = pictures[i % pictures.Length];
            var file = new ArrayBufferWriter<byte>();
            Assert.True(resizer.TryResize(jpeg, file, out _, out _));
            Assert.Equal(expected, GoldenPictures.Sha256(file.WrittenSpan));
        });
    }

    private static IEnumerable<string[]> Expected() =>
        File.ReadLines(PathOf("expected.csv")).Skip(1).Select(line => line.Split(','));

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Shapes", name);
}
