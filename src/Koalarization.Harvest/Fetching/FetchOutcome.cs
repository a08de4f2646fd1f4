namespace Koalarization.Harvest.Fetching;

/// <summary>What one try to fetch one link came to.</summary>
/// <param name="Kind">Which of the closed list.</param>
/// <param name="Detail">
/// The particular, in a few words: which deadline, which status, what the body was, which address. Null for a kept picture whose answer was faultless.
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

    /// <summary>What the try came to if the picture of an answer that broke off is not whole; null for an answer that did not.</summary>
    internal FetchOutcome? IfNotWhole { get; init; }

    /// <summary>Why the try does not count; null: it counts.</summary>
    public UncountedTry? Uncounted { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Body?.Dispose();
}

/// <summary>Why a try says nothing of its link, and is made again.</summary>
public enum UncountedTry
{
    /// <summary>This machine could not open a connection: no file descriptor, buffer, port or thread was left.</summary>
    MachineLimit,

    /// <summary>The proxy does not work.</summary>
    Proxy,

    /// <summary>The process did not run for a while: it was stopped, or the machine slept.</summary>
    ProcessPaused,
}
