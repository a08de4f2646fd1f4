namespace Koalarization.Koala.Commands;

/// <summary>Which known word a mistyped one was meant to be.</summary>
internal static class NearestWord
{
    private const int LeastPrefix = 3;

    /// <summary>The nearest of some words; null: none is near. Capitals, hyphens and underscores make no difference, and a beginning is near.</summary>
    public static string? To(string word, IEnumerable<string> known)
    {
        string plain = Plain(word);
        string? nearest = known.MinBy(one => Distance(plain, Plain(one)));
        if (nearest is not null && Distance(plain, Plain(nearest)) <= Math.Max(1, Plain(nearest).Length / 4))
        {
            return nearest;
        }

        string[] longer = [.. known.Where(one => plain.Length >= LeastPrefix && Plain(one).StartsWith(plain, StringComparison.Ordinal))];
        return longer.Length > 0 ? longer.MinBy(one => one.Length) : null;
    }

    /// <summary>The end of a sentence that names the word that was meant: <c>; did you mean run?</c>, or a full stop.</summary>
    public static string Question(string word, IEnumerable<string> known) => To(word, known) is string meant ? $"; did you mean {meant}?" : ".";

#pragma warning disable CA1308 // What users write is in lower case.
    private static string Plain(string word) => word.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
#pragma warning restore CA1308

    /// <summary>The edits between two words, exchanged neighbours counted as one (optimal string alignment).</summary>
    private static int Distance(string first, string second)
    {
        var edits = new int[first.Length + 1, second.Length + 1];
        for (int i = 0; i <= first.Length; i++)
        {
            for (int j = 0; j <= second.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }

                int change = first[i - 1] == second[j - 1] ? 0 : 1;
                edits[i, j] = Math.Min(Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1, edits[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1])
                {
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
                }
            }
        }

        return edits[first.Length, second.Length];
    }
}
