namespace Koalarization.Records.Examples;

/// <summary>The features of a picture's record, in the order in which we write them: ordinal, so that bytes depend on values alone.</summary>
public static class LabFeatures
{
    /// <summary>Colours, [S, S, 2] floats, a and b interleaved, each over 127.</summary>
    public const string Ab = "image_ab";

    /// <summary>The network's logits, [1001] floats, class 0 the background.</summary>
    public const string Embedding = "image_embedding";

    /// <summary>Luminance, [S, S] floats, 2 L / 100 - 1.</summary>
    public const string Luminance = "image_l";

    /// <summary>The picture's path as it was given, one string of UTF-8 bytes.</summary>
    public const string Name = "image_name";
}
