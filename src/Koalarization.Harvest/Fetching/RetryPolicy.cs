namespace Koalarization.Harvest.Fetching;

/// <summary>Whether a link is tried again, and when. A pure function.</summary>
public static class RetryPolicy
{
    /// <summary>Decides after a try.</summary>
    /// <param name="outcome">What it came to.</param>
    /// <param name="attempt">Its number, from 1.</param>
    /// <param name="random">0 (included) to 1: places the pause in the upper half of its range, so that links do not return in step.</param>
    /// <param name="options">The limits.</param>
    /// <returns>The pause before the next try; null: the outcome is final.</returns>
    public static TimeSpan? PauseBeforeNextTry(FetchOutcome outcome, int attempt, double random, RetryOptions options)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        if (!outcome.IsTransient || attempt >= options.MaxTries)
        {
            return null;
        }

        double ceiling = Math.Min(options.FirstPause.TotalSeconds * Math.Pow(2, attempt - 1), options.LongestPause.TotalSeconds);
        double backOff = ceiling * (0.5 + (0.5 * Math.Clamp(random, 0, 1)));
        double asked = Math.Min(outcome.RetryAfter?.TotalSeconds ?? 0, options.LongestPause.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Max(backOff, asked));
    }
}
