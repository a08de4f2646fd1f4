using System.Globalization;

namespace Koalarization.Dataset.Wording;

/// <summary>Numbers of things, for people: <c>1 record</c>, <c>2 records</c>.</summary>
public static class Amount
{
    /// <param name="count">How many.</param>
    /// <param name="one">The word for one.</param>
    /// <param name="several">The word for none or several, when it is not the first with an s.</param>
    public static string Of(long count, string one, string? several = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {Noun(count, one, several)}");

    /// <summary>The word alone.</summary>
    public static string Noun(long count, string one, string? several = null) => count == 1 ? one : several ?? one + "s";
}
