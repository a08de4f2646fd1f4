namespace Koalarization.Imaging.Jpeg;

/// <summary>Which inverse DCT turns coefficients into samples; their results differ by a few units.</summary>
public enum DctMethod
{
    /// <summary>libjpeg's <c>JDCT_ISLOW</c>: Pillow's choice, used for resizing.</summary>
    Accurate,

    /// <summary>libjpeg's <c>JDCT_IFAST</c>: TensorFlow's default, used for records.</summary>
    Fast,
}
