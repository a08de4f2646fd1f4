namespace Koalarization.Imaging.Jpeg;

/// <summary>In which channels a JPEG is decoded.</summary>
public enum JpegColour
{
    /// <summary>Gray as 1 channel, YCbCr and RGB as 3, CMYK and YCCK as 4 (CMYK bytes as stored: Adobe's are inverted).</summary>
    AsStored,

    /// <summary>
    /// Always 3 channels, as <c>tf.image.decode_jpeg(channels=3)</c> gives them: gray is repeated, CMYK with an Adobe marker becomes
    /// <c>k * c / 255</c>, without one <c>(255 - k) * (255 - c) / 255</c>.
    /// </summary>
    Rgb,
}
