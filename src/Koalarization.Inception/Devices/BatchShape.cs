using System.Globalization;

namespace Koalarization.Inception.Devices;

/// <summary>Checks what an embedder is given.</summary>
internal static class BatchShape
{
    public static void Check(int pictures, int batchSize, int grayBytes, int logits)
    {
        if (pictures < 1 || pictures > batchSize)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"{pictures} pictures are not 1 to {batchSize}, the embedder's batch."), nameof(pictures));
        }

        if (grayBytes != pictures * InceptionResNetV2Shape.PicturePixels || logits != pictures * InceptionResNetV2Shape.Logits)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{grayBytes} gray bytes and {logits} logits are not {pictures} pictures of 299x299 and 1001."),
                nameof(grayBytes));
        }
    }
}
