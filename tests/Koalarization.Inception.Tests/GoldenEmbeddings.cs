using Koalarization.Imaging.Colour;
using Koalarization.Imaging.Jpeg;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Inception.Tests;

/// <summary>The 37 golden pictures as the network gets them, and the logits that TensorFlow gives for them.</summary>
internal static class GoldenEmbeddings
{
    public static string[] Names { get; } = Golden.Lines("records/names.txt");

    public static float[] Logits(DctMethod dct)
        => Golden.Floats(dct == DctMethod.Fast ? "records/embeddings_fast_dct.f32" : "records/embeddings_accurate_dct.f32");

    /// <summary>[count, 299, 299] gray bytes. Every JPEG library gives the accurate ones, libturbojpeg alone the fast ones.</summary>
    public static byte[] Gray(DctMethod dct, int count)
    {
        var gray = new byte[count * InceptionResNetV2Shape.PicturePixels];
        for (int i = 0; i < count; i++)
        {
            byte[] jpeg = Golden.Bytes(Path.Combine("resized_299x299/files", Names[i]));
            Assert.True(JpegCodecs.Default.TryDecode(jpeg, new JpegDecodeOptions(dct, JpegColour.Rgb), out Picture? picture, out _));
            using (picture)
            {
                GrayConverter.Convert(picture.Pixels, gray.AsSpan(i * InceptionResNetV2Shape.PicturePixels, InceptionResNetV2Shape.PicturePixels));
            }
        }

        return gray;
    }
}
