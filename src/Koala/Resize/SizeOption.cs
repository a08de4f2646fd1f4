using System.CommandLine.Parsing;
using System.Globalization;
using Koalarization.Imaging.Pixels;

namespace Koalarization.Koala.Resize;

/// <summary>Parses the size of pictures: one number, or <c>W,H</c>.</summary>
internal static class SizeOption
{
    private const long MaxPixels = 100_000_000;

    /// <summary>Parses the option's value; null with an error when it is not a size.</summary>
    public static PictureSize? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        string[] parts = text.Split(',', 2);
        if (TryParse(parts[0], out int width) && TryParse(parts[^1], out int height) && width is > 0 and <= 65500 && height is > 0 and <= 65500
            && (long)width * height <= MaxPixels)
        {
            return new PictureSize(width, height);
        }

        result.AddError($"'{text}' is not a size; use one number or W,H, each 1 to 65500, at most 100 megapixels in total.");
        return null;
    }

    private static bool TryParse(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
