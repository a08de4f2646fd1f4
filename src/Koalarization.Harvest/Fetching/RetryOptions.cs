namespace Koalarization.Harvest.Fetching;

/// <summary>How often and when a transient outcome is tried again.</summary>
public sealed record RetryOptions
{
    /// <summary>Tries of a link altogether, the first included.</summary>
    public int MaxTries { get; init; } = 3;

    /// <summary>The longest pause after the first try; it doubles with each further one.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>No pause is longer, whatever a server asks for.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(60);
}
