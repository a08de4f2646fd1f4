using Koalarization.Dataset.Storage;
using Koalarization.Imaging.Jpeg;

namespace Koalarization.Koala.Inspect;

/// <summary>Tells what a picture file is and what is wrong with it.</summary>
internal static class PictureInspector
{
    private const int FirstBytes = 12;

    /// <summary>Whether a file is to be looked at as a picture: by its beginning, or by its name.</summary>
    public static bool IsPicture(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> first = stackalloc byte[FirstBytes];
        int read = file.ReadAtLeast(first, FirstBytes, throwOnEndOfStream: false);
        return JpegInspection.IsPicture(first[..read])
            || Path.GetExtension(path).Equals(".jpg", StringComparison.OrdinalIgnoreCase)
            || Path.GetExtension(path).Equals(".jpeg", StringComparison.OrdinalIgnoreCase);
    }

    public static JpegInspected Inspect(string path)
    {
        using FileBytes file = FileBytes.Read(path);
        JpegInspection found = JpegInspection.Of(JpegCodecs.Default, file.Span, JpegDecodeOptions.ForResizing);
        return new JpegInspected(
            path, file.Span.Length, found.Size?.Width, found.Size?.Height, found.Coding, found.Components, found.Sampling, found.Metadata.Profile,
            found.Metadata.Orientation, found.Refusal?.Fault, found.Refusal?.Detail, found.Oddities);
    }
}
