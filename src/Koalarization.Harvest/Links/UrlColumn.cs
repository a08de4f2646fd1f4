using System.Globalization;
using System.Text.RegularExpressions;

namespace Koalarization.Harvest.Links;

/// <summary>Finds the column of the URLs: the one that the user named, else by name and values.</summary>
internal static partial class UrlColumn
{
    private const int MaxNameLength = 40;
    private const int OfNoName = 1000;

    // The names that lists are known to have, best first.
    private static readonly string[] Names =
    [
        "url", "imageurl", "imgurl", "pictureurl", "photoimageurl", "originalurl", "cocourl", "flickrurl", "contenturl", "mediaurl", "imageuri", "photourl",
        "urls", "imageurls", "imagelink", "link", "links", "uri", "imgsrc", "imagesrc", "src", "href", "image", "img", "photo", "picture",
    ];

    private static readonly string[] Words = ["url", "urls", "uri", "link", "links", "href", "src"];

    private static readonly string[] OtherUses = ["thumb", "thumbnail", "page", "landing", "license", "licence", "profile", "author", "web", "homepage", "video"];

    /// <summary>How well a name fits a column of URLs, 0 best; null: it does not.</summary>
    public static int? RankOf(string name)
    {
        string trimmed = name.Trim().TrimStart('#', '\uFEFF').Trim();
        if (trimmed.Length is 0 or > MaxNameLength)
        {
            return null;
        }

        string plain = string.Concat(trimmed.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        if (Array.IndexOf(Names, plain) is var known and >= 0)
        {
            return known;
        }

        string[] words = [.. WordEnd().Split(trimmed).Select(word => word.ToLowerInvariant())];
        return words.Any(Words.Contains) ? 100 + (words.Any(word => OtherUses.Any(use => word.StartsWith(use, StringComparison.Ordinal))) ? 100 : 0) : null;
    }

    /// <summary>The column of the URLs among the first rows of a list; null: there is none.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="asked">The column that the user named, or null.</param>
    /// <param name="source">The list.</param>
    /// <exception cref="LinkSourceException">There is no column of the name that the user gave.</exception>
    public static string? Find(IReadOnlyList<ListRecord> rows, string? asked, string source)
    {
        string[] names = [.. rows.SelectMany(row => row.Fields).Select(field => field.Name).Distinct(StringComparer.Ordinal)];
        if (asked is not null)
        {
            return Asked(names, asked) ?? throw new LinkSourceException(
                source, names.Length == 0 ? $"it has no columns, so none is called {asked}" : $"it has no column {asked}; its columns are {string.Join(", ", names)}");
        }

        (string Name, int Urls)[] columns = [.. names.Select(name => (name, rows.Count(row => IsUrl(row[name]))))];
        int most = columns.Select(column => column.Urls).DefaultIfEmpty(0).Max();
        return columns
            .Select((column, index) => (column.Name, column.Urls, Rank: RankOf(column.Name) ?? OfNoName, Index: index))
            .Where(column => most > 0 ? column.Urls * 2 >= most : column.Rank < OfNoName || names.Length == 1)
            .OrderBy(column => column.Rank).ThenBy(column => column.Index)
            .Select(column => column.Name)
            .FirstOrDefault();
    }

    /// <summary>Whether a value is a URL.</summary>
    public static bool IsUrl(string? value) => value is not null && UrlText.IsUrl(UrlText.Unwrapped(value));

    private static string? Asked(string[] names, string asked) =>
        names.FirstOrDefault(name => string.Equals(name, asked, StringComparison.Ordinal))
        ?? names.FirstOrDefault(name => string.Equals(name.Trim(), asked.Trim(), StringComparison.OrdinalIgnoreCase))
        ?? (int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= names.Length ? names[number - 1] : null);

    [GeneratedRegex("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Z])", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex WordEnd();
}
