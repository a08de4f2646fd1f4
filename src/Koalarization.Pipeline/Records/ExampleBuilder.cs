using System.Collections.Concurrent;
using System.Text;
using Koalarization.Dataset.Composition;
using Koalarization.Imaging.Colour;
using Koalarization.Imaging.Rescaling;
using Koalarization.Records.Examples;

namespace Koalarization.Pipeline.Records;

/// <summary>Builds the Examples of one data set from decoded pictures and their logits. Thread-safe.</summary>
/// <param name="compatibility">Which size a record's picture has.</param>
/// <param name="imageNamePrefix">What precedes a picture's file name in <c>image_name</c>.</param>
public sealed class ExampleBuilder(RecordCompatibility compatibility, string imageNamePrefix)
{
    private readonly ConcurrentBag<LabExampleBuffer> _buffers = [];

    private bool IsOriginal => compatibility == RecordCompatibility.Original;

    /// <summary>Computes luminance and colours straight into an encoded Example.</summary>
    /// <param name="name">The picture's file name.</param>
    /// <param name="picture">Its pixels; they stay the caller's.</param>
    /// <param name="logits">The network's answer.</param>
    /// <returns>The same bytes and colours for the same arguments, whatever is built at the same time.</returns>
    public RecordEntry Build(string name, PreparedPicture picture, ReadOnlySpan<float> logits)
    {
        LabExampleBuffer example = _buffers.TryTake(out LabExampleBuffer? free)
            ? free
            : new LabExampleBuffer(IsOriginal ? PreparedPicture.OriginalSize : PreparedPicture.Size, logits.Length);
        example.Begin(Encoding.UTF8.GetBytes(imageNamePrefix + name));
        if (IsOriginal)
        {
            var rescaled = new double[PreparedPicture.OriginalSize * PreparedPicture.OriginalSize * 3];
            BilinearRescaler.Rescale(picture.Rgb, PreparedPicture.OriginalSize, rescaled);
            LabConverter.ConvertExact(rescaled, example.Luminance, example.Ab);
        }
        else
        {
            LabConverter.Convert(picture.Rgb.Pixels, example.Luminance, example.Ab);
        }

        logits.CopyTo(example.Embedding);
        return new RecordEntry(example, PictureColours.Of(example.Luminance, example.Ab), _buffers);
    }
}
