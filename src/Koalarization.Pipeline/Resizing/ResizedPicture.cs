using Koalarization.Imaging.Pixels;

namespace Koalarization.Pipeline.Resizing;

/// <summary>A resized picture, or a refusal.</summary>
/// <param name="SourceSize">The original's size.</param>
/// <param name="Bytes">The resized picture as JPEG; empty where the original was only decoded.</param>
/// <param name="Refusal">Why there is none; null: there is one.</param>
internal sealed record ResizedPicture(PictureSize SourceSize, ReadOnlyMemory<byte> Bytes, PictureRefusal? Refusal)
{
    public static ResizedPicture Refused(PictureRefusal refusal) => new(default, default, refusal);
}
