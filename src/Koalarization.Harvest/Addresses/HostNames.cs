using System.Collections.Frozen;
using System.Text;

namespace Koalarization.Harvest.Addresses;

/// <summary>
/// Maps a host name as browsers do before they look it up (UTS 46): full-width and other compatibility characters, letters apart from their marks, dots of other
/// scripts, and characters that are not seen. What would end the host (a full-width slash) is left as it is, and is no host. The framework does it by a library that this program does without.
/// </summary>
internal static class HostNames
{
    private const char LastAscii = '\u007F';

    private static readonly Lazy<FrozenDictionary<char, string>> Mappings = new(ReadMappings);
    private static readonly Lazy<FrozenDictionary<(char, char), char>> Compositions = new(ReadCompositions);

    /// <summary>The name as it is looked up, in Unicode; an ASCII name is returned as it is.</summary>
    public static string Mapped(string name)
    {
        if (name.AsSpan().IndexOfAnyExceptInRange('\0', LastAscii) < 0)
        {
            return name;
        }

        var mapped = new StringBuilder(name.Length);
        foreach (char c in name.ToLowerInvariant())
        {
            _ = c switch
            {
                '\u3002' or '\uFF0E' or '\uFF61' => mapped.Append('.'),
                '\u00AD' or '\u200B' or '\u2060' or '\uFEFF' or (>= '\uFE00' and <= '\uFE0F') => mapped,
                '\uFF0D' or '\uFF3F' or (>= '\uFF10' and <= '\uFF19') or (>= '\uFF41' and <= '\uFF5A') => mapped.Append((char)(c - '\uFF01' + '!')),
                _ when Mappings.Value.TryGetValue(c, out string? other) => mapped.Append(other),
                _ => mapped.Append(c),
            };
        }

        return Composed(mapped);
    }

    private static string Composed(StringBuilder text)
    {
        var composed = new StringBuilder(text.Length);
        foreach (char c in text.ToString())
        {
            if (composed.Length > 0 && Composition(composed[^1], c) is { } both)
            {
                composed[^1] = both;
            }
            else
            {
                composed.Append(c);
            }
        }

        return composed.ToString();
    }

    private static char? Composition(char first, char second)
    {
        // Hangul (The Unicode Standard, section 3.12): 19 leading consonants, 21 vowels, 27 trailing consonants.
        const char Syllables = '\uAC00', Leading = '\u1100', Vowels = '\u1161', Trailing = '\u11A7';
        if (first is >= Leading and < (char)(Leading + 19) && second is >= Vowels and < (char)(Vowels + 21))
        {
            return (char)(Syllables + ((((first - Leading) * 21) + second - Vowels) * 28));
        }

        bool isOpenSyllable = first is >= Syllables and <= '\uD7A3' && (first - Syllables) % 28 == 0;
        return isOpenSyllable && second is > Trailing and < (char)(Trailing + 28) ? (char)(first + second - Trailing)
            : Compositions.Value.TryGetValue((first, second), out char both) ? both
            : null;
    }

    private static FrozenDictionary<char, string> ReadMappings() =>
        HostNameTables.Mappings.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenDictionary(entry => entry[0], entry => entry[1..]);

    private static FrozenDictionary<(char, char), char> ReadCompositions() =>
        HostNameTables.Compositions.Chunk(3).ToFrozenDictionary(entry => (entry[0], entry[1]), entry => entry[2]);
}
