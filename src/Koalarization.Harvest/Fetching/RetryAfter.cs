using System.Globalization;
using System.Net.Http.Headers;

namespace Koalarization.Harvest.Fetching;

/// <summary>Reads <c>Retry-After</c>: seconds, or a date (RFC 9110, section 10.2.3).</summary>
internal static class RetryAfter
{
    // More seconds than a number holds are still a wish to be left alone; no caller waits that long.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>How long the server asks to be left alone: nought for a date that is past, null for no word or none that can be understood.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider clock)
    {
        if (!response.Headers.NonValidated.TryGetValues("Retry-After", out HeaderStringValues values))
        {
            return null;
        }

        string text = values.First().Trim();
        TimeSpan? asked = IsWholeNumber(text) ? SecondsOf(text)
            : RetryConditionHeaderValue.TryParse(text, out RetryConditionHeaderValue? header) ? header.Delta ?? header.Date - clock.GetUtcNow()
            : null;
        return asked switch
        {
            null => null,
            { } time when time < TimeSpan.Zero => TimeSpan.Zero,
            { } time => time < Longest ? time : Longest,
        };
    }

    private static bool IsWholeNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private static TimeSpan SecondsOf(string digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds < Longest.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : Longest;
}
