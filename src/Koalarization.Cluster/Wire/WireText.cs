using System.Text;

namespace Koalarization.Cluster.Wire;

/// <summary>Texts for people, as long as a message has room for.</summary>
internal static class WireText
{
    private const string Ellipsis = "…";

    /// <summary>A text of at most so many bytes in UTF-8: a longer one is cut between characters, and ends with an ellipsis.</summary>
    public static string Cut(string text, int maxBytes)
    {
        // Every UTF-16 unit has at most three bytes.
        if (text.Length * 3 <= maxBytes || Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }

        int room = maxBytes - Encoding.UTF8.GetByteCount(Ellipsis);
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Utf8SequenceLength > room)
            {
                break;
            }

            room -= rune.Utf8SequenceLength;
            length += rune.Utf16SequenceLength;
        }

        return text[..length] + Ellipsis;
    }
}
