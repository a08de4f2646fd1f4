using Koalarization.Imaging;

namespace Koalarization.Cluster;

/// <summary>Judges a picture and fits it to the job's size, wherever that is done. Thread-safe.</summary>
internal interface IPictureFitter
{
    /// <summary>Decodes a whole picture and makes the resized one of it.</summary>
    /// <param name="jpeg">The original's bytes; good until the task is done.</param>
    /// <param name="cancellation">Ends the wait for a free core.</param>
    ValueTask<FittedPicture> FitAsync(ReadOnlyMemory<byte> jpeg, CancellationToken cancellation);
}

/// <summary>What fitting gave: a picture, or a refusal.</summary>
/// <param name="Source">The original's size.</param>
/// <param name="Resized">The resized picture's bytes; empty where only the original was judged.</param>
/// <param name="Refusal">Why there is none.</param>
internal sealed record FittedPicture(PictureSize Source, ReadOnlyMemory<byte> Resized, PictureRefusal? Refusal)
{
    public static FittedPicture Refused(PictureRefusal refusal) => new(default, default, refusal);
}
