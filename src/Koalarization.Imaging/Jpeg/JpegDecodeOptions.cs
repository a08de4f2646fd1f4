namespace Koalarization.Imaging.Jpeg;

/// <summary>How a JPEG is decoded.</summary>
/// <param name="Dct">The inverse DCT.</param>
/// <param name="Colour">The channels wanted.</param>
public sealed record JpegDecodeOptions(DctMethod Dct, JpegColour Colour)
{
    /// <summary>As Pillow decodes: accurate DCT, channels as stored. Used for resizing.</summary>
    public static JpegDecodeOptions ForResizing { get; } = new(DctMethod.Accurate, JpegColour.AsStored);

    /// <summary>As TensorFlow decodes by default: fast DCT, three channels. Used for records and the network.</summary>
    public static JpegDecodeOptions ForRecords { get; } = new(DctMethod.Fast, JpegColour.Rgb);

    /// <summary>Most pixels a header may claim; checked before memory is taken.</summary>
    public long MaxPixels { get; init; } = 100_000_000;

    /// <summary>Which JPEGs are whole.</summary>
    public PictureRule Rule { get; init; } = PictureRule.Newest;
}
