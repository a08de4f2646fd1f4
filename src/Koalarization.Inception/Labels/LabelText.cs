using System.Text;

namespace Koalarization.Inception.Labels;

/// <summary>Class names as text, one a line.</summary>
internal static class LabelText
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>1000 or 1001 names.</summary>
    public static string[] Read(string path, ReadOnlySpan<byte> file)
    {
        string[] lines = Decode(path, file).TrimStart('\uFEFF').TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
        if (lines.Length is not (ImageNetLabels.Classes or ImageNetLabels.Logits))
        {
            throw new LabelsException(path, offset: null, $"{lines.Length} lines where 1000 or 1001 names belong");
        }

        int empty = Array.IndexOf(lines, "");
        return empty < 0 ? lines : throw new LabelsException(path, offset: null, $"line {empty + 1} is empty");
    }

    private static string Decode(string path, ReadOnlySpan<byte> file)
    {
        try
        {
            return s_strictUtf8.GetString(file);
        }
        catch (DecoderFallbackException)
        {
            throw new LabelsException(path, offset: null, "it is neither UTF-8 text nor a pickle");
        }
    }
}
