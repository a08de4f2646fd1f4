using System.Text;
using Koalarization.Imaging;
using Koalarization.Records;

namespace Koalarization.Dataset;

/// <summary>Composes one picture's Example from its pixels and logits. Thread-safe: what it works on belongs to the caller.</summary>
/// <param name="compatibility">Which size the record's picture has.</param>
public sealed class RecordComposer(RecordCompatibility compatibility)
{
    private const int OriginalSize = 224;

    /// <summary>S: width and height of the pictures in the record.</summary>
    public int Size => compatibility == RecordCompatibility.Original ? OriginalSize : PreparedPicture.Size;

    /// <summary>A buffer that <see cref="Compose"/> fills, again and again.</summary>
    public LabExampleBuffer NewBuffer(int logits) => new(Size, logits);

    /// <summary>Computes luminance and colours right into the encoded Example.</summary>
    /// <param name="imageName">The picture's path, as the record is to name it.</param>
    /// <param name="picture">The decoded picture.</param>
    /// <param name="logits">The network's answer.</param>
    /// <param name="example">Holds the whole Example afterwards.</param>
    /// <returns>What the picture's colours come to: the same for the same pixels, whatever is composed beside.</returns>
    public PictureColours Compose(string imageName, PreparedPicture picture, ReadOnlySpan<float> logits, LabExampleBuffer example)
    {
        example.Begin(Encoding.UTF8.GetBytes(imageName));
        if (compatibility == RecordCompatibility.Original)
        {
            var rescaled = new double[OriginalSize * OriginalSize * 3];
            BilinearRescaler.Rescale(picture.Rgb, OriginalSize, rescaled);
            LabConverter.ConvertExact(rescaled, example.Luminance, example.Ab);
        }
        else
        {
            LabConverter.Convert(picture.Rgb.Pixels, example.Luminance, example.Ab);
        }

        logits.CopyTo(example.Embedding);
        return PictureColours.Of(example.Luminance, example.Ab);
    }
}
