namespace Koalarization.Inception;

/// <summary>The sizes at the network's two ends.</summary>
public static class InceptionResNetV2Shape
{
    /// <summary>Width and height of a picture, in pixels.</summary>
    public const int PictureSize = 299;

    /// <summary>Pixels, and so gray bytes, of one picture.</summary>
    public const int PicturePixels = PictureSize * PictureSize;

    /// <summary>Logits of one picture; logit 0 is the class "background".</summary>
    public const int Logits = 1001;
}
