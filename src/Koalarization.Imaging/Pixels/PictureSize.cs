namespace Koalarization.Imaging.Pixels;

/// <summary>Width and height of a picture, in pixels.</summary>
public readonly record struct PictureSize(int Width, int Height)
{
    /// <summary>The original's default size, and the network's input: 299 x 299.</summary>
    public static PictureSize Default { get; } = new(299, 299);

    /// <summary>Width times height.</summary>
    public long PixelCount => (long)Width * Height;

    /// <summary><c>WIDTHxHEIGHT</c>, as in file names and messages.</summary>
    public override string ToString() => $"{Width}x{Height}";
}
