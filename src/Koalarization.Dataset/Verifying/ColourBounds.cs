namespace Koalarization.Dataset.Verifying;

/// <summary>
/// Which numbers a record can hold. sRGB's corners are the extremes of Lab (CIE 1976, white point D65): a is from -86.18 (green) to 98.24 (magenta),
/// b from -107.87 (blue) to 94.48 (yellow). What is beyond them, by more than the kernels err, no picture gave.
/// </summary>
internal static class ColourBounds
{
    private const float Error = 0.02f / 127;

    private static readonly (float Least, float Most) L = (-1 - Error, 1 + Error);
    private static readonly (float Least, float Most) A = ((-86.19f / 127) - Error, (98.25f / 127) + Error);
    private static readonly (float Least, float Most) B = ((-107.87f / 127) - Error, (94.49f / 127) + Error);

    /// <summary>Where the first number is that is not finite or beyond its bounds, in words; null where there is none.</summary>
    public static string? Outside(ReadOnlySpan<float> luminance, ReadOnlySpan<float> ab, ReadOnlySpan<float> embedding) =>
        Outside("image_l", luminance, 1, 0, L)
        ?? Outside("image_ab", ab, 2, 0, A)
        ?? Outside("image_ab", ab, 2, 1, B)
        ?? Outside("image_embedding", embedding, 1, 0, (float.MinValue, float.MaxValue));

    private static string? Outside(string feature, ReadOnlySpan<float> values, int step, int first, (float Least, float Most) bounds)
    {
        for (int i = first; i < values.Length; i += step)
        {
            // A NaN is in no order with anything.
            if (!(values[i] >= bounds.Least && values[i] <= bounds.Most))
            {
                return $"{feature}[{i}] is {values[i]}";
            }
        }

        return null;
    }
}
