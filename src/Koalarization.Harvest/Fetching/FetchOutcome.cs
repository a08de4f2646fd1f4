namespace Koalarization.Harvest.Fetching;

/// <summary>What one try to fetch one link came to.</summary>
/// <param name="Kind">Which of the closed list.</param>
/// <param name="Detail">
/// The particular, in a few words: which deadline, which status, what the body was, which address. Null for a kept picture.
/// </param>
/// <param name="IsTransient">Whether another try may come to something else.</param>
/// <param name="RetryAfter">How long the server asks to be left alone, never negative; null when it does not say.</param>
public sealed record FetchOutcome(FetchOutcomeKind Kind, string? Detail = null, bool IsTransient = false, TimeSpan? RetryAfter = null)
    : IDisposable
{
    /// <summary>The picture, for <see cref="FetchOutcomeKind.Kept"/> only; it is the outcome's owner's to dispose.</summary>
    public PictureBody? Body { get; init; }

    /// <summary>The bytes of the body, also of one that was not kept; 0 when none came.</summary>
    public int BodyBytes { get; init; }

    /// <summary>How many redirects were followed.</summary>
    public int Redirects { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Body?.Dispose();
}
