using System.Security.Cryptography;
using System.Text;

namespace Koalarization.Harvest.Links;

/// <summary>One URL of a list, and the name that its picture has everywhere afterwards.</summary>
/// <param name="Url">The URL as the list has it, character for character; blanks inside are <c>%20</c>.</param>
/// <param name="Name">Lower-case hexadecimal MD5 of the URL's UTF-8 bytes, and <c>.jpeg</c>.</param>
/// <param name="Words">The text beside the URL (an ImageNet identifier, a label), trimmed; may be empty.</param>
public readonly record struct Link(string Url, string Name, string Words)
{
    /// <summary>The other columns of the list by their names; null where it has none.</summary>
    public IReadOnlyDictionary<string, string>? Columns { get; init; }

    /// <summary>The link of a URL, with its name worked out.</summary>
    public static Link Of(string url, string words = "") => new(url, NameOf(url), words);

    /// <summary>The file name of a URL's picture: 32 hexadecimal digits and <c>.jpeg</c>.</summary>
#pragma warning disable CA5351 // MD5 is the name's definition, not a protection.
    public static string NameOf(string url) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(url))) + ".jpeg";
#pragma warning restore CA5351
}
