using System.Text.Json.Serialization;

namespace Koalarization.Dataset.Slices;

/// <summary>The outcome of one link.</summary>
/// <param name="Name">The picture's name.</param>
/// <param name="Outcome">One of the closed list: <c>kept</c>, <c>not_found</c>, ...</param>
/// <param name="Detail">The particular, in a few words, or null.</param>
/// <param name="Tries">Requests that were made; 0 when the picture was there already, or its host was given up.</param>
/// <param name="Original">The picture as it was fetched, for a kept one.</param>
/// <param name="Resized">The resized picture, for a kept one; null in what fetching alone commits.</param>
public sealed record LinkRow(string Name, string Outcome, string? Detail, int Tries, OriginalFacts? Original, FileFacts? Resized)
{
    /// <summary>The outcome of a link whose picture was kept.</summary>
    public const string Kept = "kept";

    /// <summary>Whether the link has a picture.</summary>
    [JsonIgnore]
    public bool IsKept => string.Equals(Outcome, Kept, StringComparison.Ordinal);
}

/// <summary>The content under a file's final name.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash, lower-case hex.</param>
public sealed record FileFacts(long Bytes, string Sha256);

/// <summary>The content under an original's final name.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash, lower-case hex.</param>
/// <param name="Width">The picture's width in pixels.</param>
/// <param name="Height">The picture's height in pixels.</param>
public sealed record OriginalFacts(long Bytes, string Sha256, int Width, int Height)
{
    /// <summary>The name of its colour profile, which is not applied; null: none, or a data set of the first rule.</summary>
    public string? Profile { get; init; }

    /// <summary>How EXIF says that it is to be turned (2 to 8), which is not done; null: not, or a data set of the first rule.</summary>
    public int? Orientation { get; init; }
}
