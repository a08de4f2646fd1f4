using Koalarization.Pipeline.Jobs;

namespace Koalarization.Koala.Run;

/// <summary>What <c>koala run</c> was asked for.</summary>
internal sealed record RunRequest
{
    /// <summary>What is to be made; its data set's folder as the user wrote it.</summary>
    public required JobSpec Spec { get; init; }

    /// <summary>Whether a data set is taken out of a cluster's hands.</summary>
    public required bool TakesOver { get; init; }

    /// <summary>Most pixels a picture's header may claim.</summary>
    public required long MaxPixels { get; init; }

    /// <summary>Pictures fitted at once.</summary>
    public required int Parallel { get; init; }

    /// <summary>What this machine's JPEG library makes of a known set of pictures.</summary>
    public required string CodecFingerprint { get; init; }

    public string Data => Spec.Data;

    public JobEnd Until => Spec.Until;
}
