namespace Koalarization.Dataset.Planning;

/// <summary>One link of a round.</summary>
/// <param name="Name">The picture's name: <c>md5(url).jpeg</c>, or the file's own where the source is a folder.</param>
/// <param name="Url">The URL as the list has it; null where the source is a folder.</param>
/// <param name="Words">The text beside the URL on its line; of a picture in a subfolder the subfolder; or null.</param>
/// <param name="Columns">The other columns of the list by their names; null where it has none.</param>
public sealed record PlannedLink(string Name, string? Url, string? Words, IReadOnlyDictionary<string, string>? Columns = null);
