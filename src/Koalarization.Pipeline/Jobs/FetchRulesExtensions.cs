using Koalarization.Dataset.State;
using Koalarization.Harvest.Fetching;
using Koalarization.Imaging.Jpeg;

namespace Koalarization.Pipeline.Jobs;

/// <summary>What a round's rules mean for who fetches its links. Pure.</summary>
internal static class FetchRulesExtensions
{
    private const double Megapixel = 1e6;

    /// <summary>
    /// The rules, with those of an earlier round, and else the program's defaults, for what was not given: a later version, or a node with other options, fetches by
    /// the same ones.
    /// </summary>
    public static FetchRules Completed(this FetchRules rules, FetchRules? earlier = null)
    {
        var fetch = new FetchOptions();
        var retry = new RetryOptions();
        return new FetchRules
        {
            AllowPrivate = rules.AllowPrivate ?? earlier?.AllowPrivate ?? fetch.AllowPrivate,
            ConnectTimeout = rules.ConnectTimeout ?? earlier?.ConnectTimeout ?? fetch.ConnectTimeout.TotalSeconds,
            FirstByteTimeout = rules.FirstByteTimeout ?? earlier?.FirstByteTimeout ?? fetch.FirstByteTimeout.TotalSeconds,
            Timeout = rules.Timeout ?? earlier?.Timeout ?? fetch.TotalTimeout.TotalSeconds,
            MinRate = rules.MinRate ?? earlier?.MinRate ?? fetch.MinimumBytesPerSecond,
            StallWindow = rules.StallWindow ?? earlier?.StallWindow ?? fetch.StallWindow.TotalSeconds,
            MaxBytes = rules.MaxBytes ?? earlier?.MaxBytes ?? fetch.MaxBytes,
            MaxRedirects = rules.MaxRedirects ?? earlier?.MaxRedirects ?? fetch.MaxRedirects,
            Tries = rules.Tries ?? earlier?.Tries ?? retry.MaxTries,
            FirstPause = rules.FirstPause ?? earlier?.FirstPause ?? retry.FirstPause.TotalSeconds,
            LongestPause = rules.LongestPause ?? earlier?.LongestPause ?? retry.LongestPause.TotalSeconds,
            MaxMegapixels = rules.MaxMegapixels ?? earlier?.MaxMegapixels ?? (JpegDecodeOptions.ForResizing.MaxPixels / Megapixel),
            UserAgent = rules.UserAgent ?? earlier?.UserAgent ?? fetch.UserAgent,
        };
    }

    /// <summary>A node's limits of a fetch, with those of the rules that are given.</summary>
    public static FetchOptions ApplyTo(this FetchRules rules, FetchOptions own) => own with
    {
        AllowPrivate = rules.AllowPrivate ?? own.AllowPrivate,
        ConnectTimeout = TimeOf(rules.ConnectTimeout) ?? own.ConnectTimeout,
        FirstByteTimeout = TimeOf(rules.FirstByteTimeout) ?? own.FirstByteTimeout,
        TotalTimeout = TimeOf(rules.Timeout) ?? own.TotalTimeout,
        MinimumBytesPerSecond = rules.MinRate ?? own.MinimumBytesPerSecond,
        StallWindow = TimeOf(rules.StallWindow) ?? own.StallWindow,
        MaxBytes = rules.MaxBytes ?? own.MaxBytes,
        MaxRedirects = rules.MaxRedirects ?? own.MaxRedirects,
        UserAgent = rules.UserAgent ?? own.UserAgent,
    };

    /// <summary>A node's tries, with those of the rules that are given.</summary>
    public static RetryOptions ApplyTo(this FetchRules rules, RetryOptions own) => own with
    {
        MaxTries = rules.Tries ?? own.MaxTries,
        FirstPause = TimeOf(rules.FirstPause) ?? own.FirstPause,
        LongestPause = TimeOf(rules.LongestPause) ?? own.LongestPause,
    };

    /// <summary>Most pixels that a picture's header may claim; null: not given.</summary>
    public static long? MaxPixels(this FetchRules rules) => (long?)(rules.MaxMegapixels * Megapixel);

    /// <summary>How long one try takes at most; null: not given.</summary>
    public static TimeSpan? TryTimeout(this FetchRules rules) => TimeOf(rules.Timeout);

    private static TimeSpan? TimeOf(double? seconds) => seconds is double given ? TimeSpan.FromSeconds(given) : null;
}
