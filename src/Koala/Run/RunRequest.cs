using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Run;

/// <summary>The parameters of a <c>koala run</c>.</summary>
internal sealed record RunRequest
{
    /// <summary>The job; the data set's folder is as the user wrote it.</summary>
    public required JobSpec Spec { get; init; }

    /// <summary>Whether a data set is taken over from a cluster.</summary>
    public required bool TakesOver { get; init; }

    /// <summary>The maximum number of pixels in a picture's header.</summary>
    public required long MaxPixels { get; init; }

    /// <summary>Pictures resized at once.</summary>
    public required int Parallel { get; init; }

    /// <summary>The fingerprint of this machine's JPEG library.</summary>
    public required string CodecFingerprint { get; init; }

    /// <summary>The options that the user gave, as written.</summary>
    public required IReadOnlyList<string> Given { get; init; }

    public string Data => Spec.Data;

    public JobEnd Until => Spec.Until;
}
