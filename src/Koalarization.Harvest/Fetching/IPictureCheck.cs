namespace Koalarization.Harvest.Fetching;

/// <summary>Checks whether a body is a whole JPEG. Implemented above this library, which knows no decoder.</summary>
public interface IPictureCheck
{
    /// <summary>
    /// Checks a body that begins as a JPEG. Runs after the connection was released and under no deadline, so an implementation may
    /// take the work to threads of its own.
    /// </summary>
    /// <param name="body">The body; good until the task is done.</param>
    /// <param name="cancellationToken">The fetch's own.</param>
    /// <returns>Null when it decodes completely.</returns>
    ValueTask<BodyRefusal?> CheckAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}

/// <summary>Why a body is not kept.</summary>
/// <param name="Kind">
/// <see cref="FetchOutcomeKind.NotJpeg"/>, <see cref="FetchOutcomeKind.Damaged"/> or <see cref="FetchOutcomeKind.TooManyPixels"/>.
/// </param>
/// <param name="Detail">The particular, in a few words.</param>
public readonly record struct BodyRefusal(FetchOutcomeKind Kind, string? Detail);
