using System.Text.Json.Serialization;
using Koalarization.Dataset.Storage;
using Koalarization.Imaging.Jpeg;

namespace Koalarization.Dataset.State;

/// <summary>What fetching and resizing are done with: fixed by a data set's first run (<c>job.json</c>), and the same for every later one.</summary>
public sealed record JobParameters
{
    /// <summary>Where the links came from, as given to the first run: a file, a URL, <c>-</c>; for a folder of pictures its full path.</summary>
    public required string Source { get; init; }

    /// <summary>Whether the source is a folder of pictures, read where they lie, and not a list of links.</summary>
    public required bool IsFolder { get; init; }

    /// <summary>Links left out at the list's beginning.</summary>
    public required long Skip { get; init; }

    /// <summary>Links taken at most; null: all.</summary>
    public required long? Count { get; init; }

    /// <summary>Links taken, repeated ones included.</summary>
    public required long Links { get; init; }

    /// <summary>SHA-256 over the links taken, in their order, each as its words, a tab, its URL and a line feed: the same for a list and its archive.</summary>
    public required string LinksSha256 { get; init; }

    /// <summary>Width of the resized pictures.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the resized pictures.</summary>
    public required int Height { get; init; }

    /// <summary>What the first run's JPEG library makes of a known set of pictures.</summary>
    public required string CodecFingerprint { get; init; }

    /// <summary>Whether picture folders have a folder for each first two digits of the pictures' names.</summary>
    public required bool FansOut { get; init; }

    /// <summary>The prefix of a picture's file name in <c>image_name</c>.</summary>
    public required string ImageNamePrefix { get; init; }

    /// <summary>The version of the rules by which the source is read; null: the first, of sets that were begun before there was another.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ListReader { get; init; }

    /// <summary>The list's format, where the first run named it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ListFormat { get; init; }

    /// <summary>The list's column of URLs, where the first run named it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UrlColumn { get; init; }

    /// <summary>The number of the rule of which originals are whole; null: the first rule.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PictureRule? PictureRule { get; init; }

    /// <summary>Which originals are whole.</summary>
    [JsonIgnore]
    public PictureRule Rule => PictureRule ?? Imaging.Jpeg.PictureRule.WithoutWarnings;

    /// <summary>The parameters that a data set was begun with, or null.</summary>
    /// <exception cref="InvalidDataException">The file is not what this program wrote.</exception>
    public static JobParameters? Find(IDataStore store) => StateFile.Find<JobParameters>(store, DataLayout.Job);

    /// <summary>Fixes the parameters, unless they are already, and gives those that hold.</summary>
    public JobParameters Fix(IDataStore store) => StateFile.Fix(store, DataLayout.Job, this);
}
