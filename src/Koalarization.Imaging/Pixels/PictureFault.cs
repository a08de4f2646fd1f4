namespace Koalarization.Imaging.Pixels;

/// <summary>Why bytes are not taken as a picture.</summary>
public enum PictureFault
{
    /// <summary>There are no bytes.</summary>
    Empty,

    /// <summary>The bytes do not begin as a JPEG does (FF D8 FF).</summary>
    NotJpeg,

    /// <summary>It begins as a JPEG and is not whole, or is of a kind that is not read.</summary>
    Damaged,

    /// <summary>The header claims more pixels than allowed.</summary>
    TooManyPixels,
}
