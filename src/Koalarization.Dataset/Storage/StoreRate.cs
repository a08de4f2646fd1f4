namespace Koalarization.Dataset.Storage;

/// <summary>What bounds how many pictures a second a store can take.</summary>
public enum StoreBound
{
    /// <summary>Making groups of pictures durable.</summary>
    Pictures,

    /// <summary>Writing records.</summary>
    Records,
}

/// <summary>
/// How many pictures a second a store can take from one machine. A picture is two small files, its original and its resized one, which become durable in groups, and its
/// part of a record.
/// </summary>
/// <param name="SecondsForFiles">What a picture's two files take.</param>
/// <param name="SecondsForRecord">What its part of a record takes.</param>
public sealed record StoreRate(double SecondsForFiles, double SecondsForRecord)
{
    private const int FilesOfPicture = 2;

    /// <summary>How many pictures a second.</summary>
    public double PicturesPerSecond => 1 / (SecondsForFiles + SecondsForRecord);

    /// <summary>What takes longer.</summary>
    public StoreBound Bound => SecondsForFiles > SecondsForRecord ? StoreBound.Pictures : StoreBound.Records;

    /// <summary>The rate that follows from what was measured.</summary>
    /// <param name="group">How long a group of <see cref="GroupPublisher.FilesInGroup"/> files takes.</param>
    /// <param name="recordBytesPerSecond">How fast a record is written.</param>
    public static StoreRate Of(TimeSpan group, double recordBytesPerSecond) =>
        new(group.TotalSeconds * FilesOfPicture / GroupPublisher.FilesInGroup, StoreTrial.PictureBytes / recordBytesPerSecond);
}
