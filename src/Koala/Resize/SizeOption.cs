using System.CommandLine.Parsing;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Koala.Resize;

/// <summary>How a user writes the size of pictures: one number, or <c>W,H</c>.</summary>
internal static class SizeOption
{
    private const long MaxPixels = 100_000_000;

    /// <summary>Reads the option's word; null with an error where it is no size.</summary>
    public static PictureSize? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        string[] parts = text.Split(',', 2);
        if (int.TryParse(parts[0], out int width) && int.TryParse(parts[^1], out int height) && width is > 0 and <= 65500 && height is > 0 and <= 65500
            && (long)width * height <= MaxPixels)
        {
            return new PictureSize(width, height);
        }

        result.AddError($"'{text}' is not a size; give one number or W,H, each from 1 to 65500, and 100 megapixels at most.");
        return null;
    }
}
