using Koalarization.Imaging;

namespace Koalarization.Koala.Run;

/// <summary>What <c>koala run</c> was asked for. What is null was not said: the data set's own parameters hold then, or the usual ones for a new set.</summary>
internal sealed record RunRequest
{
    /// <summary>The data set's folder, as the user wrote it.</summary>
    public required string Data { get; init; }

    public required JobSource Source { get; init; }

    public required RunUntil Until { get; init; }

    /// <summary>Whether links without a picture are tried again.</summary>
    public required bool RetryFailed { get; init; }

    public PictureSize? Size { get; init; }

    public bool? FansOut { get; init; }

    /// <summary>What stands before a picture's file name in <c>image_name</c>.</summary>
    public string? ImageNamePrefix { get; init; }

    /// <summary>Whether <see cref="JobSource.Skip"/> and <see cref="JobSource.Count"/> were said.</summary>
    public required bool SkipIsSaid { get; init; }

    public required bool CountIsSaid { get; init; }

    /// <summary>Most pixels a picture's header may claim.</summary>
    public required long MaxPixels { get; init; }

    /// <summary>Pictures fitted at once.</summary>
    public required int Parallel { get; init; }

    /// <summary>What this machine's JPEG library makes of a known set of pictures.</summary>
    public required string CodecFingerprint { get; init; }
}
